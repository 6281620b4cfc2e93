/** Octets as JSON and paths carry them, in Node and in browsers alike. */

const chunk = 0x8000;

export function toBase64(octets: Uint8Array): string {
  let binary = '';
  // Functions take only so many arguments.
  for (let at = 0; at < octets.length; at += chunk) {
    binary += String.fromCharCode(...octets.subarray(at, at + chunk));
  }
  return btoa(binary);
}

/** @returns `undefined` for a text that is not base64 (RFC 4648 §4, with its padding) */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Lower case, `separator` between octets. */
export function toHex(octets: Uint8Array, separator = ''): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(separator);
}

export function textOf(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}
