import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecdsaFromDer, ecdsaToDer } from '../src/certificates/ecdsa-value.ts';

describe('the two forms of an ECDSA signature', () => {
  test.each([
    [64, 'P-256', 'sha256'],
    [132, 'P-521', 'sha512'],
  ] as const)('ok/%i octets: either form is the other, as node:crypto sees them', (size, namedCurve, digest) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    for (let each = 0; each < 40; each++) {
      const data = Buffer.from([each]);
      const raw = ecdsaFromDer(sign(digest, data, privateKey), size);
      expect(verify(digest, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
      const der = ecdsaToDer(sign(digest, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
      expect(verify(digest, data, publicKey, der)).toBe(true);
    }
  });

  test.each([64, 132])('ok/%i octets come back, zeros in front and set first bits included', (size) => {
    const octet = fc.oneof(fc.constantFrom(0, 0x80, 0xff), fc.integer({ min: 0, max: 255 }));
    const raw = fc.array(octet, { minLength: size, maxLength: size }).map((octets) => Uint8Array.from(octets));
    const comesBack = fc.property(raw, (value) => {
      expect(ecdsaFromDer(ecdsaToDer(value), size)).toEqual(value);
    });
    fc.assert(comesBack);
  });

  test('fail/r that does not fit', () => {
    expect(() => ecdsaFromDer(ecdsaToDer(new Uint8Array(132).fill(0x7f)), 64)).toThrow(RangeError);
  });
});
