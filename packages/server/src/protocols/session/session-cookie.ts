/** The cookie that holds a session: HttpOnly, SameSite=Strict, and where there is HTTPS with the prefix that pins it to this host. */
import type { FastifyRequest } from 'fastify';

export interface SessionCookie {
  /** What the request brings; undefined without one. */
  read(request: Pick<FastifyRequest, 'headers'>): string | undefined;
  /** Header value that sets it. */
  write(value: string, seconds: number): string;
  clear(): string;
}

type SameSite = 'Strict' | 'Lax';

/**
 * Over HTTPS `__Host-NAME` (RFC 6265bis §4.1.3.2); over HTTP on this machine a plain name, with the port in it because
 * cookies know none. Undefined where neither is so: then a password would pass in the clear.
 * @param publicUrl under which browsers reach the server
 */
export function hostCookie(publicUrl: string, name: string, sameSite: SameSite): SessionCookie | undefined {
  const { protocol, hostname, port } = new URL(publicUrl);
  const isSecure = protocol === 'https:';
  if (!isSecure && !isLoopback(hostname)) return undefined;
  const fullName = isSecure ? `__Host-${name}` : `${name}-${port || '80'}`;
  const attributes = `Path=/; HttpOnly; SameSite=${sameSite}${isSecure ? '; Secure' : ''}`;
  return {
    read: ({ headers }) => valueIn(headers.cookie ?? '', fullName),
    write: (value, seconds) => `${fullName}=${value}; ${attributes}; Max-Age=${seconds}`,
    clear: () => `${fullName}=; ${attributes}; Max-Age=0`,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** Values of ours are base64url, so nothing is quoted or escaped. One that comes twice is nobody's. */
function valueIn(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`));
  const value = found[0]?.slice(name.length + 1) ?? '';
  return found.length === 1 && /^[A-Za-z0-9_-]{1,4000}$/.test(value) ? value : undefined;
}
