import { DerError } from './der-error.ts';
import type { DerElement } from './reader.ts';

const longest = 64;
/** Octets of an arc whose 7 bits each make a number that is exact. */
const MOST_EXACT = 7;

/** Those that were read before, by a sum over their octets. The world of certificates has few. */
const known = new Map<number, { readonly octets: Uint8Array; readonly dotted: string }>();
const MOST_KNOWN = 512;

/** Dotted form of an OBJECT IDENTIFIER (X.690 §8.19). */
export function decodeOid(bytes: Uint8Array, element: Omit<DerElement, 'tag'>): string {
  const { contentStart, end, start } = element;
  if (contentStart === end || end - contentStart > longest || ((bytes[end - 1] ?? 0x80) & 0x80) !== 0) {
    throw new DerError('bad-oid', start, 'object identifier is empty, cut off or too long');
  }
  let sum = end - contentStart;
  for (let index = contentStart; index < end; index++) sum = (Math.imul(sum, 31) + (bytes[index] ?? 0)) | 0;
  const found = known.get(sum);
  if (found !== undefined && isAt(found.octets, bytes, contentStart, end)) return found.dotted;
  const dotted = decodeArcs(bytes, contentStart, end);
  if (found === undefined && known.size < MOST_KNOWN)
    known.set(sum, { octets: Uint8Array.from(bytes.subarray(contentStart, end)), dotted });
  return dotted;
}

function isAt(octets: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (octets.length !== to - from) return false;
  for (let index = 0; index < octets.length; index++) if (octets[index] !== bytes[from + index]) return false;
  return true;
}

function decodeArcs(bytes: Uint8Array, from: number, end: number): string {
  let dotted = '';
  let position = from;
  while (position < end) {
    if (bytes[position] === 0x80) {
      throw new DerError('bad-oid', position, 'object identifier has a padded arc');
    }
    let octet = 0x80;
    let small = 0;
    const arcStart = position;
    while (octet >= 0x80) {
      octet = bytes[position++] ?? 0;
      small = small * 128 + (octet & 0x7f);
    }
    const arc = position - arcStart <= MOST_EXACT ? small : longArc(bytes, arcStart, position);
    dotted += dotted === '' ? firstArcs(arc) : `.${arc}`;
  }
  return dotted;
}

function longArc(bytes: Uint8Array, start: number, end: number): bigint {
  let arc = 0n;
  for (let index = start; index < end; index++) arc = (arc << 7n) | BigInt((bytes[index] ?? 0) & 0x7f);
  return arc;
}

function firstArcs(value: number | bigint): string {
  if (value < 40) return `0.${value}`;
  if (value < 80) return `1.${typeof value === 'bigint' ? value - 40n : value - 40}`;
  return `2.${typeof value === 'bigint' ? value - 80n : value - 80}`;
}

/** Content octets of an OBJECT IDENTIFIER given in dotted form. */
export function encodeOid(dotted: string): Uint8Array {
  if (!/^[0-2](\.(0|[1-9]\d{0,38})){1,30}$/.test(dotted)) {
    throw new TypeError(`not an object identifier: ${dotted}`);
  }
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  return Uint8Array.from([root * 40n + second, ...rest].flatMap(encodeArc));
}

function encodeArc(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) {
    octets.unshift(Number(left & 0x7fn) | 0x80);
  }
  return octets;
}
