import { DerError } from './der-error.ts';
import type { DerElement } from './reader.ts';

const longest = 64;

/** Dotted form of an OBJECT IDENTIFIER (X.690 §8.19). */
export function decodeOid(bytes: Uint8Array, element: DerElement): string {
  const { contentStart, end, start } = element;
  if (contentStart === end || end - contentStart > longest || ((bytes[end - 1] ?? 0x80) & 0x80) !== 0) {
    throw new DerError('bad-oid', start, 'object identifier is empty, cut off or too long');
  }
  let dotted = '';
  let position = contentStart;
  while (position < end) {
    if (bytes[position] === 0x80) {
      throw new DerError('bad-oid', position, 'object identifier has a padded arc');
    }
    let arc = 0n;
    let octet = 0x80;
    let small = 0;
    const arcStart = position;
    while (octet >= 0x80) {
      octet = bytes[position++] ?? 0;
      small = small * 128 + (octet & 0x7f);
    }
    if (position - arcStart > 7) {
      for (let index = arcStart; index < position; index++) {
        arc = (arc << 7n) | BigInt((bytes[index] ?? 0) & 0x7f);
      }
    }
    dotted += dotted === '' ? firstArcs(arc === 0n ? BigInt(small) : arc) : `.${arc === 0n ? small : arc}`;
  }
  return dotted;
}

function firstArcs(value: bigint): string {
  return value < 80n ? `${value / 40n}.${value % 40n}` : `2.${value - 80n}`;
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
