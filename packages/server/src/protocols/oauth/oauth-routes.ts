/** OAuth 2.0 for machines: the token endpoint (RFC 6749 §4.4), the keys of its tokens, and the metadata (RFC 8414). */
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from 'fastify';
import { type Access, ASSERTION_ALGORITHMS, OAuthError, type OAuthErrorCode } from '../../access/access.ts';
import { errorAnswerOf } from '../../http/error-answer.ts';
import { readJson } from '../../http/json-body.ts';
import { clientCertificateOf, thumbprintOf } from '../../http/tls.ts';
import type { Limits } from './limits.ts';
import { formParameters, jsonParameters, tokenRequest } from './token-request.ts';

export interface OAuthRouteParts {
  readonly access: Pick<Access, 'grant' | 'publishedKeys'>;
  readonly publicUrl: string;
  readonly limits: Pick<Limits, 'checkFailures' | 'countFailure'>;
}

const LARGEST_REQUEST = 16_384;
const KEYS_KEPT_FOR_SECONDS = 300;

export function oauthRoutes({ access, publicUrl, limits }: OAuthRouteParts): FastifyPluginAsync {
  return async (app) => {
    parseParameters(app);
    app.setErrorHandler((error, request, reply) => {
      const { status, code, text, unexpected } = refusalOf(error);
      if (unexpected) request.log.error({ traceId: request.id, err: error }, 'failed');
      else request.log.info({ traceId: request.id, error: code }, 'refused');
      if (status === 401) limits.countFailure(request);
      if (status === 401) reply.header('www-authenticate', 'Basic realm="plugpool", charset="UTF-8"');
      // RFC 6749 knows two members; the others are those of every error here.
      const body = { error: code, error_description: text, errorMessages: [text], traceId: request.id };
      return unkept(reply).code(status).send(body);
    });

    app.post('/oauth/token', { bodyLimit: LARGEST_REQUEST }, async (request, reply) => {
      limits.checkFailures(request, reply);
      const parameters = request.body instanceof Map ? request.body : new Map<string, string>();
      const certificate = clientCertificateOf(request);
      const { credentials, ...wanted } = tokenRequest(parameters, request.headers.authorization, certificate);
      const thumbprint = certificate && thumbprintOf(certificate);
      const { token, scope, lifetimeSeconds } = await access.grant(credentials, { ...wanted, thumbprint });
      const body = { access_token: token, token_type: 'Bearer', expires_in: lifetimeSeconds, scope };
      return unkept(reply).send(body);
    });

    for (const path of ['/oauth/jwks', '/.well-known/jwks.json']) {
      app.get(path, async (_request, reply) => {
        reply.header('cache-control', `public, max-age=${KEYS_KEPT_FOR_SECONDS}`);
        return reply.send({ keys: await access.publishedKeys() });
      });
    }

    app.get('/.well-known/oauth-authorization-server', async (_request, reply) =>
      reply.send({
        issuer: publicUrl,
        token_endpoint: `${publicUrl}/oauth/token`,
        jwks_uri: `${publicUrl}/oauth/jwks`,
        grant_types_supported: ['client_credentials'],
        token_endpoint_auth_methods_supported: [
          'client_secret_basic',
          'client_secret_post',
          'private_key_jwt',
          'self_signed_tls_client_auth',
        ],
        tls_client_certificate_bound_access_tokens: true,
        token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
        response_types_supported: [],
      }),
    );
  };
}

function parseParameters(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) =>
    jsonParameters(readJson(body)),
  );
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => formParameters(body.toString('utf8')),
  );
}

function refusalOf(error: unknown): {
  status: number;
  code: OAuthErrorCode | 'server_error' | 'temporarily_unavailable';
  text: string;
  unexpected: boolean;
} {
  if (error instanceof OAuthError) {
    return { status: error.status, code: error.code, text: error.message, unexpected: false };
  }
  const { status, errorMessages, unexpected } = errorAnswerOf(error, LARGEST_REQUEST);
  // RFC 6749 has no word for one that asks too often; this one is its nearest.
  const code = unexpected ? 'server_error' : status === 429 ? 'temporarily_unavailable' : 'invalid_request';
  return { status, code, text: errorMessages.join('; '), unexpected };
}

/** RFC 6749 §5.1: nobody on the way may keep it. */
function unkept(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
}
