import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  defaultCrlLimits,
  der as derWriter,
  type RevocationReason,
  type RevokedCertificate,
  readCrl,
  revocationReasonOf,
  revocationReasons,
  type StatusErrorKind,
  verifyCrl,
  writeCrl,
} from '../src/index.ts';
import { day, type Issued, issue, now } from './pki.ts';
import { kindOf } from './status.ts';

let ca: Issued;
let other: Issued;
beforeAll(async () => {
  ca = await issue({ profile: 'root', commonName: 'V2G Root' });
  other = await issue({ profile: 'root', commonName: 'Other Root' });
});

const written = (revoked: readonly RevokedCertificate[], issuer: Issued = ca, signer = issuer.signer) =>
  writeCrl(
    {
      issuer: issuer.certificate.subject,
      number: 7,
      thisUpdate: now - day,
      nextUpdate: now + day,
      revoked,
      authorityKeyIdentifier: issuer.certificate.subjectKeyIdentifier ?? new Uint8Array(),
    },
    signer,
  );

const numbered = (count: number): RevokedCertificate[] =>
  Array.from({ length: count }, (_, index) => ({
    serialNumber: Uint8Array.of(0x41, index >> 16, index >> 8, index),
    revokedAt: now - day,
    reason: 'superseded',
  }));

describe('revocation lists', () => {
  test('ok/what is written is read', async () => {
    const reasons = Object.keys(revocationReasons) as RevocationReason[];
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            serial: fc.bigInt({ min: 1n, max: (1n << 127n) - 1n }),
            revokedAt: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
            reason: fc.constantFrom(...reasons),
          }),
          { selector: ({ serial }) => serial, maxLength: 20 },
        ),
        async (entries) => {
          const hexOf = (serial: bigint) => {
            const hex = serial.toString(16);
            return hex.length % 2 === 0 ? hex : `0${hex}`;
          };
          const revoked = entries.map(({ serial, ...rest }) => ({
            serialNumber: Uint8Array.from(Buffer.from(hexOf(serial), 'hex')),
            ...rest,
          }));
          const crl = readCrl(await written(revoked));
          expect(crl).toMatchObject({
            scope: 'all',
            size: entries.length,
            thisUpdate: now - day,
            nextUpdate: now + day,
          });
          expect(crl.number).toEqual(Uint8Array.of(7));
          expect(crl.authorityKeyIdentifier).toEqual(ca.certificate.subjectKeyIdentifier);
          for (const { serial, revokedAt, reason } of entries) {
            const expected = reason === 'unspecified' ? { revokedAt } : { revokedAt, reason };
            expect(crl.revocationOf(hexOf(serial))).toEqual(expected);
          }
          expect(crl.revocationOf('00')).toBeUndefined();
          expect(kindOf(() => verifyCrl(crl, ca.certificate, now))).toBe('no error');
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each(['secp521r1', 'ed448'] as const)('ok/signed on %s', async (curve) => {
    const root = await issue({ curve, profile: 'root', commonName: 'V2G Root' });
    verifyCrl(readCrl(await written(numbered(3), root)), root.certificate, now);
  });

  test('fail/another CA, another key, too old, from the future', async () => {
    const crl = readCrl(await written([]));
    expect(kindOf(() => verifyCrl(crl, other.certificate, now))).toBe('issuer-mismatch');
    const forged = readCrl(await written([], ca, other.signer));
    expect(kindOf(() => verifyCrl(forged, ca.certificate, now))).toBe('bad-signature');
    expect(kindOf(() => verifyCrl(crl, ca.certificate, now + 2 * day))).toBe('stale');
    expect(kindOf(() => verifyCrl(crl, ca.certificate, now - 2 * day))).toBe('not-yet-valid');
    const leaf = await issue({ profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: ca });
    const byLeaf = readCrl(await written([], leaf));
    expect(kindOf(() => verifyCrl(byLeaf, leaf.certificate, now))).toBe('issuer-mismatch');
  });

  test('fail/larger than the limits', async () => {
    const der = await written(numbered(11));
    expect(kindOf(() => readCrl(der, { ...defaultCrlLimits, maxEntries: 10 }))).toBe('too-many');
    expect(kindOf(() => readCrl(der, { ...defaultCrlLimits, maxSize: der.length - 1 }))).toBe('too-large');
    expect(kindOf(() => readCrl(der, { maxSize: der.length, maxEntries: 11 }))).toBe('no error');
  });

  test('ok/100,000 entries', async () => {
    const crl = readCrl(await written(numbered(100_000)));
    expect(crl.size).toBe(100_000);
    expect(crl.revocationOf('4101869f')).toEqual({ revokedAt: now - day, reason: 'superseded' });
    expect(crl.revocationOf('410186a0')).toBeUndefined();
  });

  test.each<[string, StatusErrorKind, derWriter.DerNode]>([
    ['a delta', 'unsupported-scope', extension('2.5.29.27', derWriter.unsignedInteger(1))],
    [
      'an indirect list',
      'unsupported-scope',
      extension('2.5.29.28', derWriter.sequence(derWriter.tagged(0x84, derWriter.raw(Uint8Array.of(0xff))))),
    ],
    ['an unknown critical extension', 'unknown-critical-extension', extension('1.2.3', derWriter.nullValue())],
  ])('fail/%s', (_name, kind, extra) => {
    expect(kindOf(() => readCrl(handMade(extra)))).toBe(kind);
  });

  test('ok/a list about leaf certificates only says so', () => {
    const only = derWriter.sequence(derWriter.tagged(0x81, derWriter.raw(Uint8Array.of(0xff))));
    expect(readCrl(handMade(extension('2.5.29.28', only))).scope).toBe('leaf');
  });

  test('fail/any changed or missing octet: a typed error', async () => {
    const der = await written(numbered(3));
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Uint8Array.from(der);
        changed[place] = (changed[place] ?? 0) ^ change;
        expect(kindOf(() => verifyCrl(readCrl(changed), ca.certificate, now))).not.toBe('no error');
      }),
      { numRuns: 1000 },
    );
    for (let length = 0; length < der.length; length++) {
      expect(kindOf(() => readCrl(der.subarray(0, length)))).toBe('malformed');
    }
  });

  test('ok/reasons by number', () => {
    expect(revocationReasonOf(9)).toBe('privilegeWithdrawn');
    expect(revocationReasonOf(7)).toBeUndefined();
  });
});

function extension(oid: string, value: derWriter.DerNode): derWriter.DerNode {
  return derWriter.sequence(derWriter.oid(oid), derWriter.boolean(true), derWriter.octetString(value));
}

/** A list with one extension of the test's choice; nobody signed it. */
function handMade(extra: derWriter.DerNode): Uint8Array {
  const { sequence, oid, raw, time, tagged, bitString, unsignedInteger, encodeDer } = derWriter;
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const tbs = sequence(
    unsignedInteger(1),
    algorithm,
    raw(ca?.certificate.subject.der ?? encodeDer(sequence())),
    time(now),
    time(now + day),
    tagged(0xa0, sequence(extra)),
  );
  return encodeDer(sequence(tbs, algorithm, bitString(Uint8Array.of(1))));
}
