import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers what no route is for: OPTIONS with what is allowed (RFC 9110 §9.3.7), 405 with `Allow` where the path is served
 * with other methods, else 404. All come before the body is looked at, so neither its type nor its content decides the answer.
 */
export function answerNotServed(app: FastifyInstance): void {
  const paths = new Map<string, { readonly form: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    // To the router, paths that differ in the names of their parameters are one.
    const shape = url.replaceAll(/:[^/]+/g, ':').toLowerCase();
    const path = paths.get(shape) ?? { form: formOf(shape), methods: new Set() };
    for (const name of [method].flat()) path.methods.add(name);
    paths.set(shape, path);
  });

  function answer(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const traceId = request.id;
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...paths.values()].filter(({ form }) => form.test(path)).flatMap((each) => [...each.methods]);
    const allow = [...new Set(methods)].sort().join(', ');
    if (allow === '') {
      return reply.code(404).send({ errorMessages: [`There is no ${request.method} ${path}`], traceId });
    }
    if (request.method === 'OPTIONS') return reply.code(204).header('allow', `${allow}, OPTIONS`).send();
    const errorMessages = [`${request.method} is not allowed here, only ${allow}`];
    return reply.code(405).header('allow', allow).send({ errorMessages, traceId });
  }

  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answer(request, reply);
    else done();
  });
  app.setNotFoundHandler(answer);
}

/** Any letter case and a slash at the end, as the router takes them. */
function formOf(shape: string): RegExp {
  const pattern = shape
    .replace(/\/$/, '')
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll(':', '[^/]+');
  return new RegExp(`^${pattern}/?$`, 'i');
}
