/** Revocation lists where certificates say they are: `/crl/{authority}.crl` (RFC 5280 §4.2.1.13, RFC 2585 §4). */
import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { CertificateStatusService } from '../../pki/status/certificate-status.ts';
import { isKnownTo, sendFreshness } from '../freshness.ts';

const SUFFIX = '.crl';
/** A list is replaced as soon as something is revoked, long before its nextUpdate: caches shall ask again. */
const KEPT_FOR_SECONDS = 300;

export interface CrlRouteParts {
  readonly status: CertificateStatusService;
  readonly clock: Clock;
}

export function crlRoutes({ status, clock }: CrlRouteParts): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { file: string } }>('/crl/:file', async (request, reply) => {
      const file = request.params.file.toLowerCase();
      if (!file.endsWith(SUFFIX)) throw refuse('authority-not-found', file);
      const { der, freshness } = await status.crl(file.slice(0, -SUFFIX.length));
      sendFreshness(reply, freshness, clock.now(), KEPT_FOR_SECONDS);
      if (isKnownTo(request, freshness)) return reply.code(304).send();
      return reply.header('content-type', 'application/pkix-crl').send(Buffer.from(der));
    });
  };
}
