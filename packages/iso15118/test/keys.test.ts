import { createPublicKey, ECDH, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pointProblem } from '../src/certificates/public-key.ts';
import {
  algorithms,
  draftCertificate,
  generateKeyPair,
  generateScalarAndPoint,
  privateKeyFromScalar,
  publicKeyOf,
  readCertificate,
  softwareSigner,
} from '../src/index.ts';
import { issue } from './pki.ts';

const curves = ['secp256r1', 'secp521r1'] as const;

describe.each(curves)('points on %s', (curve) => {
  const { ecdhName = curve, pointSize } = algorithms[curve];
  const opensslTakes = (point: Uint8Array) => {
    try {
      ECDH.convertKey(point, ecdhName);
      return true;
    } catch {
      return false;
    }
  };

  test('ok/points of new keys, and their mirror images', () => {
    const { point } = generateKeyPair(curve);
    expect(pointProblem(curve, point)).toBe(undefined);
    const compressed = ECDH.convertKey(point, ecdhName, undefined, undefined, 'compressed');
    const mirrored = Uint8Array.from(Buffer.from(compressed));
    mirrored[0] = (mirrored[0] ?? 0) ^ 1;
    const other = ECDH.convertKey(mirrored, ecdhName, undefined, undefined, 'uncompressed');
    expect(pointProblem(curve, Buffer.from(other))).toBe(undefined);
    expect(Buffer.from(other).subarray(1, 1 + (pointSize - 1) / 2)).toEqual(
      Buffer.from(point).subarray(1, 1 + (pointSize - 1) / 2),
    );
  });

  test('property/changed octets are judged as OpenSSL judges them', () => {
    const { point } = generateKeyPair(curve);
    fc.assert(
      fc.property(fc.nat(pointSize - 2), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(point);
        changed[1 + at] = (changed[1 + at] ?? 0) ^ change;
        expect(pointProblem(curve, changed) === undefined).toBe(opensslTakes(changed));
      }),
    );
  });

  test('fail/coordinates that are the prime and more, and zero', () => {
    const all = (octet: number) => Uint8Array.of(4, ...new Uint8Array(pointSize - 1).fill(octet));
    for (const point of [all(0), all(0xff)]) {
      expect(opensslTakes(point)).toBe(false);
      expect(pointProblem(curve, point)?.kind).toBe('point-not-on-curve');
    }
  });
});

describe.each(curves)('scalar and point on %s', (curve) => {
  test('ok/they belong together, and the scalar has its size also when it begins with zeros', () => {
    // One scalar of 256 begins with a zero.
    for (let round = 0; round < (curve === 'secp256r1' ? 400 : 10); round++) {
      const { scalar, point, spki } = generateScalarAndPoint(curve);
      expect(scalar.length).toBe(algorithms[curve].scalarSize);
      const publicKey = publicKeyOf(createPublicKey(privateKeyFromScalar(curve, scalar, point)));
      expect(publicKey).toEqual({ curve, point, spki });
    }
  });
});

describe('drafts of certificates', () => {
  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)(
    'ok/signed on %s, it is what a reader reads',
    async (curve) => {
      const { certificate: root, signer } = await issue({ curve, profile: 'root', commonName: 'V2G Root' });
      const content = {
        ...root,
        issuer: root.subject,
        spki: generateKeyPair(curve).spki,
        serialNumber: Uint8Array.from([1, ...randomBytes(15)]),
        extensions: [],
      };
      const draft = draftCertificate(content, curve);
      const signed = await draft.sign(signer);
      expect(signed).toEqual(readCertificate(signed.der));
      expect(draft.certificate.tbs).toEqual(signed.tbs);
      expect(draft.certificate.der.length).toBeGreaterThanOrEqual(signed.der.length);
      expect(draft.certificate.fingerprint).not.toBe(signed.fingerprint);
    },
  );

  test('fail/a signer on another curve', async () => {
    const { certificate: root } = await issue({ curve: 'secp256r1', profile: 'root', commonName: 'V2G Root' });
    const content = { ...root, issuer: root.subject, spki: root.publicKey.spki, extensions: [] };
    const other = softwareSigner(generateKeyPair('secp521r1').privateKey);
    await expect(draftCertificate(content, 'secp256r1').sign(other)).rejects.toThrow(
      'a draft for secp256r1 cannot be signed on secp521r1',
    );
  });
});
