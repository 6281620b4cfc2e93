import { hash } from 'node:crypto';

/**
 * A digest, of nothing secret: by way of a text, which an engine has inside its heap. As octets OpenSSL would give each in
 * memory of its own, which takes three times as long.
 */
export function digestOf(algorithm: string, octets: Uint8Array): Uint8Array {
  const text = hash(algorithm, octets, 'binary');
  const digest = new Uint8Array(text.length);
  for (let at = 0; at < digest.length; at++) digest[at] = text.charCodeAt(at);
  return digest;
}
