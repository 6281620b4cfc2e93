const PREFIX = '/ocsp/';
const NOTHING = new Uint8Array(0);

/**
 * The DER of a request that stands in a path as base64, its `+`, `/` and `=` percent-encoded or not (RFC 6960 Appendix
 * A.1). Takes the address as it came: a slash at the end is nothing to the router and six bits to base64. Empty when it
 * is no base64.
 */
export function requestInPath(url: string): Uint8Array {
  const path = url.split('?', 1)[0] ?? '';
  const base64 = decoded(path.slice(PREFIX.length))?.replaceAll('-', '+').replaceAll('_', '/').replaceAll(' ', '+');
  if (base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return NOTHING;
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
