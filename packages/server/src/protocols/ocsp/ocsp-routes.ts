/** OCSP over HTTP (RFC 6960 Appendix A, RFC 5019 §5 and §6): POST to `/ocsp`, GET with the request in the path. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import type { CertificateStatusService, OcspAnswer } from '../../pki/status/certificate-status.ts';
import { isKnownTo, sendFreshness } from '../freshness.ts';
import { requestInPath } from './request-in-path.ts';

export interface OcspRouteParts {
  readonly status: CertificateStatusService;
  readonly clock: Clock;
}

export function ocspRoutes({ status, clock }: OcspRouteParts): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('application/ocsp-request', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );

    async function answer(request: FastifyRequest, der: Uint8Array): Promise<OcspAnswer> {
      try {
        return await status.ocsp(der);
      } catch (error) {
        // OCSP has words of its own for this (RFC 6960 §2.3), and its clients read no others.
        request.log.error({ traceId: request.id, err: error }, 'failed');
        return status.ocspInternalError;
      }
    }

    app.post('/ocsp', async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
      return send(reply, await answer(request, body));
    });

    // To the router a slash at the end is nothing: a path without a request is the first of these.
    for (const path of ['/ocsp', '/ocsp/*']) {
      app.get(path, async (request, reply) => {
        const found = await answer(request, requestInPath(request.raw.url ?? ''));
        if (found.freshness === undefined) return send(reply.header('cache-control', 'no-store'), found);
        sendFreshness(reply, found.freshness, clock.now());
        return isKnownTo(request, found.freshness) ? reply.code(304).send() : send(reply, found);
      });
    }
  };
}

function send(reply: FastifyReply, { der }: OcspAnswer): FastifyReply {
  return reply
    .header('content-type', 'application/ocsp-response')
    .send(Buffer.from(der.buffer, der.byteOffset, der.byteLength));
}
