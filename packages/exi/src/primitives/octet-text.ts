/** Octets as text without Node's Buffer, so that the package runs in browsers. Malformed text gives undefined. */

export function toHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX_OF[octet];
  return text;
}

/** Hex digits in either case, two an octet, nothing between them. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const octets = new Uint8Array(text.length / 2);
  for (let at = 0; at < octets.length; at++) {
    const high = digitOf(HEX_VALUES, text.charCodeAt(at * 2));
    const low = digitOf(HEX_VALUES, text.charCodeAt(at * 2 + 1));
    if (high < 0 || low < 0) return undefined;
    octets[at] = high * 16 + low;
  }
  return octets;
}

export function toBase64(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 3) {
    const [first = 0, second, third] = octets.subarray(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += BASE64.charAt(bits >>> 18) + BASE64.charAt((bits >>> 12) & 63);
    text += second === undefined ? '=' : BASE64.charAt((bits >>> 6) & 63);
    text += third === undefined ? '=' : BASE64.charAt(bits & 63);
  }
  return text;
}

/** Base64 with its padding and without line breaks. Bits behind the last octet must be zero, so each value has one form. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const octets = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  for (let at = 0; at < text.length; at++) {
    const padded = at >= text.length - padding;
    const value = padded ? 0 : digitOf(BASE64_VALUES, text.charCodeAt(at));
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    if (at % 4 !== 3) continue;
    const index = ((at - 3) / 4) * 3;
    octets.set([bits >>> 16, (bits >>> 8) & 0xff, bits & 0xff].slice(0, octets.length - index), index);
  }
  const unused = padding === 2 ? 0xffff : padding === 1 ? 0xff : 0;
  return (bits & unused) === 0 ? octets : undefined;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64_VALUES = valuesOf(BASE64);
const HEX_OF = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
const HEX_VALUES = valuesOf('0123456789abcdef').map((value, code) => (value >= 0 ? value : upperHex(code)));

function valuesOf(alphabet: string): readonly number[] {
  return Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)));
}

function upperHex(code: number): number {
  const letter = 'ABCDEF'.indexOf(String.fromCharCode(code));
  return letter < 0 ? -1 : letter + 10;
}

function digitOf(values: readonly number[], code: number): number {
  return values[code] ?? -1;
}
