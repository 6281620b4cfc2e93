/**
 * The two forms of an ECDSA signature: r‖s as messages carry it, ECDSA-Sig-Value in DER as certificates do (RFC 3279
 * §2.2.3). node:crypto takes and gives either, but asked for r‖s it costs half as much again.
 */
import { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { encodeShortLivedDer, sequence, unsignedInteger } from '../der/writer.ts';

/** @param raw r‖s, both of the same size */
export function ecdsaToDer(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return encodeShortLivedDer(sequence(unsignedInteger(raw, 0, half), unsignedInteger(raw, half)));
}

/**
 * @param size octets of r‖s
 * @throws DerError; RangeError when r or s does not fit
 */
export function ecdsaFromDer(der: Uint8Array, size: number): Uint8Array {
  const value = new DerReader(der).enter(tags.sequence, 'ECDSA-Sig-Value');
  const raw = new Uint8Array(size);
  for (const end of [size / 2, size]) {
    const octets = value.readInteger('r or s');
    const digits = octets[0] === 0 ? octets.subarray(1) : octets;
    if (digits.length > size / 2) throw new RangeError('r or s is larger than the order of the curve');
    raw.set(digits, end - digits.length);
  }
  return raw;
}
