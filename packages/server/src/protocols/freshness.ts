/** What HTTP caches are told of an OCSP answer or a CRL (RFC 5019 §6.2, RFC 9111). */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Freshness } from '../pki/status/certificate-status.ts';

/** Sets the headers; what is kept may be kept until its own nextUpdate and not a second longer. */
export function sendFreshness(
  reply: FastifyReply,
  { thisUpdate, nextUpdate, tag }: Freshness,
  now: number,
  mostSeconds = Number.POSITIVE_INFINITY,
): void {
  const seconds = Math.max(0, Math.min(Math.floor((nextUpdate - now) / 1000), mostSeconds));
  reply.headers({
    'cache-control': `max-age=${seconds}, public, no-transform, must-revalidate`,
    etag: `"${tag}"`,
    expires: new Date(now + seconds * 1000).toUTCString(),
    'last-modified': new Date(thisUpdate).toUTCString(),
  });
}

/** Whether the asker has this very answer already. */
export function isKnownTo(request: FastifyRequest, { tag }: Freshness): boolean {
  const known = request.headers['if-none-match'];
  return known?.split(',').some((each) => each.trim().replace(/^W\//, '') === `"${tag}"`) ?? false;
}
