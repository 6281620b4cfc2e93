/** Requests as spans: named by their route, part of the caller's trace where he has one (W3C Trace Context). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { inSpan, type Span, type Tracing } from '../kernel/tracing.ts';
import { isForwarded } from './party-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    span?: Span;
  }
}

/** Asked every few seconds by machines, and always the same. */
const UNTRACED = /^\/(?:health\/|metrics$)/;
const SERVER_ERRORS = 500;

/** Comes before all other hooks, so that what they do is in the span too. */
export function traceRequests(
  app: FastifyInstance,
  tracing: Tracing,
  dialectOf: (route: string) => string | undefined,
): void {
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route } = request.routeOptions;
    if (route !== undefined && UNTRACED.test(route)) return done();
    const span = tracing.begin(route === undefined ? request.method : `${request.method} ${route}`, {
      kind: 'server',
      headers: request.headers,
      attributes: { ...factsOf(request), ...(route !== undefined && dialectAttribute(dialectOf(route))) },
    });
    request.span = span;
    // What the draft of W3C Trace Context, level 2, has for the way back.
    const { traceparent } = span.headers();
    if (traceparent !== undefined) reply.header('traceresponse', traceparent);
    inSpan(span, done);
  });
  // Reading the body leaves the span, for that goes on from the socket.
  app.addHook('preValidation', (request, _reply, done) => inSpan(request.span, done));
  app.addHook('onResponse', ({ span }, { statusCode }, done) => {
    span?.set({ 'http.response.status_code': statusCode });
    span?.end(statusCode >= SERVER_ERRORS ? String(statusCode) : undefined);
    inSpan(span, done);
  });
}

/** Neither path nor query, address nor program of the caller: they say who asks for whom. */
function factsOf({ method, id, headers, routeOptions: { url: route, config } }: FastifyRequest) {
  return {
    'http.request.method': method,
    'plugpool.request_id': id,
    ...(route !== undefined && { 'http.route': route }),
    ...(config.operation !== undefined && { 'plugpool.operation': config.operation }),
    ...(isForwarded(headers) && { 'plugpool.forwarded': true }),
  };
}

function dialectAttribute(dialect: string | undefined) {
  return dialect === undefined ? {} : { 'plugpool.dialect': dialect };
}
