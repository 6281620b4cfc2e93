/** The octets of a message behind the # of an address, which no browser sends to a server. */

export function octetsInFragment(fragment: string): Uint8Array | undefined {
  const text = fragment.replace(/^#/, '');
  if (text === '' || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  return Uint8Array.from(Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'base64'));
}

export function fragmentOf(octets: Uint8Array): string {
  const base64 = Buffer.from(octets).toString('base64');
  return `#${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}
