/** Whether a request comes from a page of this server, as the browser says it. */
import type { FastifyRequest } from 'fastify';

/**
 * Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`, and no page can make them lie. Without either it is no
 * browser: nobody lured it here.
 */
export function isSameOrigin({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined) return true;
  const from = URL.parse(origin);
  return from !== null && (from.origin === new URL(publicUrl).origin || from.host === host);
}
