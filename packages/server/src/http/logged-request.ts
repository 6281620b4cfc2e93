/** What of a request's address stands in the log: the route, and of what it is about no more than finds the line again. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * The path as the route has it, `/v1/oem/provCerts/:pcid`. Where no route is, its parts that are in no route either are `…`:
 * whoever misspells an address has the identifier in it all the same.
 */
export function loggedPaths(app: FastifyInstance): (request: FastifyRequest) => string {
  const known = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    for (const part of url.split('/')) if (!part.startsWith(':')) known.add(part.toLowerCase());
  });
  return ({ routeOptions, url }) => {
    if (routeOptions.url !== undefined) return routeOptions.url;
    const [path = ''] = url.split('?', 1);
    const parts = path.split('/').slice(0, MOST_PARTS);
    return parts.map((part) => (known.has(part.toLowerCase()) ? part : '…')).join('/');
  };
}

const MOST_PARTS = 20;

/** The car and the contract that the path names; the logger shortens them. */
export function concerned(params: unknown): { readonly pcid?: string; readonly emaid?: string } {
  const { pcid, emaid }: { readonly pcid?: unknown; readonly emaid?: unknown } = Object(params);
  return { ...(typeof pcid === 'string' && { pcid }), ...(typeof emaid === 'string' && { emaid }) };
}
