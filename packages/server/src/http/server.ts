/** The HTTP server that all dialects and protocols are mounted on: limits, body parsers, trace ids, error bodies. */
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerFactory,
  LogController,
  type onResponseHookHandler,
} from 'fastify';
import { forwardedAs } from '../kernel/forwarding.ts';
import { inSpan, type Tracing } from '../kernel/tracing.ts';
import { compressLargeAnswers } from './compression.ts';
import { errorAnswerOf } from './error-answer.ts';
import { FormBody } from './form-body.ts';
import { readJson } from './json-body.ts';
import { jsonText } from './json-text.ts';
import { concerned, loggedPaths } from './logged-request.ts';
import { answerNoPath, answerNoRequest } from './no-request.ts';
import { answerNotServed } from './not-served.ts';
import { OneOctetResponse } from './one-octet-response.ts';
import { isForwarded, partyHeadersOf } from './party-headers.ts';
import { withoutRepeatedPrefix } from './repeated-prefix.ts';
import { type TlsFiles, tlsServer } from './tls.ts';
import { traceRequests } from './traced-requests.ts';
import { XmlBody } from './xml-body.ts';

export interface HttpSettings {
  readonly logger: FastifyBaseLogger;
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  /** HTTPS with these; HTTP where it is left out. */
  readonly tls?: TlsFiles | undefined;
  /** Hears of each answer, when it is sent. */
  readonly answered?: (answered: AnsweredRequest) => void;
  /** Where requests become traces, and what dialect a route belongs to. */
  readonly traces?:
    | { readonly tracing: Tracing; readonly dialectOf: (route: string) => string | undefined }
    | undefined;
}

/** What was asked, as the tables of routes name it: nothing of the request's own. */
export interface AnsweredRequest {
  /** The path where the route has no name; `none` where there is no route. */
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  readonly status: string;
  readonly seconds: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    flatBody?: boolean;
  }
}

const LONGEST_PATH_PARAMETER = 300;
const REQUEST_TIMEOUT_MS = 30_000;

/** A server without routes. */
export function httpServer({ logger, bodyLimit, tls, answered, traces }: HttpSettings): FastifyInstance {
  const factory: FastifyServerFactory<Server> | undefined =
    tls && ((listener) => Object.assign(tlsServer(tls, listener, logger), { requestTimeout: REQUEST_TIMEOUT_MS }));
  const app: FastifyInstance = Fastify<Server>({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: REQUEST_TIMEOUT_MS,
    ...(factory === undefined ? { http: { ServerResponse: OneOctetResponse } } : { serverFactory: factory }),
    genReqId: () => randomUUID(),
    rewriteUrl: ({ url = '' }) => withoutRepeatedPrefix(url),
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, maxParamLength: LONGEST_PATH_PARAMETER },
    frameworkErrors: (error, request, reply) => answerNoPath(errorAnswerOf(error, bodyLimit), request.id, reply.raw),
    clientErrorHandler: (error, socket) => answerNoRequest(error, socket, logger),
  });
  app.setReplySerializer(jsonText);
  app.decorateRequest('admission', undefined);
  parseBodies(app);
  if (traces !== undefined) traceRequests(app, traces.tracing, traces.dialectOf);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-trace-id', request.id);
    // What is sent is what its type says; nobody guesses.
    reply.header('x-content-type-options', 'nosniff');
    // An empty body is no body, whatever its type says: `curl -X POST -d ''` calls it a form.
    if (request.headers['content-length'] === '0') delete request.headers['content-type'];
    done();
  });
  app.addHook('preHandler', (request, _reply, done) => {
    const { headers } = request;
    forwardedAs({ forwarded: isForwarded(headers), partyHeaders: partyHeadersOf(headers) ?? {} }, done);
  });
  const pathOf = loggedPaths(app);
  answerNotServed(app);
  compressLargeAnswers(app);
  if (answered !== undefined) app.addHook('onResponse', tellOf(answered));
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        traceId: request.id,
        parties: partyHeadersOf(request.headers),
        callerTrace: request.headers['traceparent'] ?? request.headers['x-request-id'],
        method: request.method,
        path: pathOf(request),
        ...concerned(request.params),
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      },
      'answered',
    );
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, errorMessages, unexpected } = errorAnswerOf(error, bodyLimit);
    inSpan(request.span, () => {
      if (unexpected) request.log.error({ traceId: request.id, err: error }, 'failed');
      else request.log.info({ traceId: request.id, errorMessages }, 'refused');
    });
    return reply.code(status).send({ errorMessages, traceId: request.id });
  });
  return app;
}

/** Routes check with schemas of their own (validation.ts); compilers that nobody needs would be a sixth of all code loaded. */
function noCompiler(): never {
  throw new Error('routes state no schemas to the framework');
}

function tellOf(answered: (answered: AnsweredRequest) => void): onResponseHookHandler {
  return (request, reply, done) => {
    const { url: route = 'none', config } = request.routeOptions;
    answered({
      operation: config.operation ?? route,
      // Whoever invents methods shall not make series of them.
      method: route === 'none' ? 'any' : request.method,
      route,
      status: String(reply.statusCode),
      seconds: reply.elapsedTime / 1000,
    });
    done();
  };
}

/** JSON for all; XML and forms for the operations that take them; an empty body is no body, whatever its type says. */
function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    readJson(body),
  );
  const flat = (read: (body: Buffer, contentType: string) => unknown) => {
    return async (request: FastifyRequest, body: Buffer) => {
      const { config } = request.routeOptions;
      if (config.flatBody !== true) throw Object.assign(new Error('not flat'), { statusCode: 415 });
      return read(body, request.headers['content-type'] ?? '');
    };
  };
  const parseAs = 'buffer';
  app.addContentTypeParser(
    ['application/xml', 'text/xml'],
    { parseAs },
    flat((body) => new XmlBody(body)),
  );
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs },
    flat((body, contentType) => new FormBody(Uint8Array.from(body), contentType)),
  );
}
