/**
 * EST clients print what they are told (RFC 7030 §4.2.3 wants a reason that people can read). The body of an error is
 * that of all dialects, JSON, unless the client asks for text.
 */
import type { FastifyInstance } from 'fastify';

/** Turns error bodies of this scope into their sentences, one a line, where `Accept` puts text before JSON. */
export function answerErrorsAsAsked(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode < 400 || typeof payload !== 'string' || !prefersText(request.headers.accept)) return payload;
    reply.header('content-type', 'text/plain; charset=utf-8').removeHeader('content-length');
    return sentencesOf(payload);
  });
}

function sentencesOf(json: string): string {
  const { errorMessages, traceId }: { errorMessages: readonly string[]; traceId: string } = JSON.parse(json);
  return [...errorMessages, `trace id ${traceId}`].map((line) => `${line}\n`).join('');
}

/** Nobody who names neither wants text. */
function prefersText(accept: string | undefined): boolean {
  const text = weightOf(accept, ['text/plain', 'text/*']);
  return text > 0 && text > weightOf(accept, ['application/json', 'application/*']);
}

/** RFC 9110 §12.5.1; 0 when none of the types is accepted. */
function weightOf(accept: string | undefined, types: readonly string[]): number {
  const weights = (accept ?? '').split(',').flatMap((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (!types.includes(type)) return [];
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return [weight === undefined ? 1 : Number(weight.slice(2)) || 0];
  });
  return Math.max(0, ...weights);
}
