import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  basicConstraints,
  certIdOf,
  extendedKeyUsages,
  extKeyUsage,
  keyUsage,
  readOcspRequest,
  readOcspResponse,
  revocationReasons,
  type StatusErrorKind,
  sameCertId,
  verifyOcspResponse,
  writeOcspErrorResponse,
  writeOcspRequest,
} from '../src/index.ts';
import { day, issue, now } from './pki.ts';
import {
  type Authority,
  answerOf,
  hour,
  issueResponder,
  kindOf,
  makeAuthority,
  responderExtensions,
} from './status.ts';

let authority: Authority;
beforeAll(async () => {
  authority = await makeAuthority();
});

const idOf = ({ ca, leaf }: Authority, hash: 'sha1' | 'sha256' = 'sha1') =>
  certIdOf(leaf.certificate, ca.certificate, hash);

const verified = (der: Uint8Array, at = now, nonce?: Uint8Array) =>
  verifyOcspResponse(readOcspResponse(der), {
    issuer: authority.ca.certificate,
    at,
    certId: idOf(authority),
    nonce,
  });

describe('requests', () => {
  test('ok/what is written is read, with and without a nonce', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 100 }),
        fc.option(fc.uint8Array({ minLength: 1, maxLength: 128 }), { nil: undefined }),
        (serials, nonce) => {
          const certIds = serials.map((serial, index) => {
            const serialNumber = Uint8Array.of(0x01, ...serial);
            return certIdOf({ serialNumber }, authority.ca.certificate, index % 2 === 0 ? 'sha1' : 'sha256');
          });
          const read = readOcspRequest(writeOcspRequest({ certIds, nonce }));
          expect(read.certIds).toEqual(certIds);
          expect(read.nonce).toEqual(nonce);
          expect(read.signed).toBe(false);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('fail/truncated and changed octets end in a StatusError only', () => {
    const der = writeOcspRequest({ certIds: [idOf(authority), idOf(authority, 'sha256')], nonce: new Uint8Array(32) });
    for (let length = 0; length < der.length; length++) {
      expect(kindOf(() => readOcspRequest(der.subarray(0, length)))).toBe('malformed');
    }
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Uint8Array.from(der);
        changed[place] = (changed[place] ?? 0) ^ change;
        kindOf(() => readOcspRequest(changed));
      }),
      { numRuns: 2000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => kindOf(() => readOcspRequest(octets)) !== 'no error'),
    );
  });

  test.each<[string, StatusErrorKind, (der: string) => string]>([
    ['octets behind it', 'malformed', (der) => `${der}00`],
    ['no certificate asked for', 'malformed', () => '300430023000'],
    ['version 2', 'unsupported-version', () => '30093007a0030201013000'],
    ['an unknown digest', 'unsupported-algorithm', (der) => der.replace('06052b0e03021a', '06052b0e03021b')],
    [
      'a digest of the wrong size',
      'malformed',
      () => '3019301730153013301130090605' + '2b0e03021a0500040004000201' + '01',
    ],
  ])('fail/%s', (_name, kind, change) => {
    const der = Buffer.from(writeOcspRequest({ certIds: [idOf(authority)] })).toString('hex');
    expect(kindOf(() => readOcspRequest(Buffer.from(change(der), 'hex')))).toBe(kind);
  });

  test('fail/nonces of no and of 129 octets, and 101 certificates, are not written', () => {
    const certIds = [idOf(authority)];
    expect(() => writeOcspRequest({ certIds, nonce: new Uint8Array() })).toThrow(RangeError);
    expect(() => writeOcspRequest({ certIds, nonce: new Uint8Array(129) })).toThrow(RangeError);
    expect(() => writeOcspRequest({ certIds: new Array(101).fill(idOf(authority)) })).toThrow(RangeError);
  });

  test('fail/more than 100 certificates are not read', () => {
    const one = Buffer.from(writeOcspRequest({ certIds: [idOf(authority)] })).subarray(6);
    const header = (length: number) => [0x30, 0x82, length >> 8, length & 0xff];
    const list = Buffer.concat(new Array<Buffer>(101).fill(one));
    const wrapped = [header(list.length + 8), header(list.length + 4), header(list.length)].flat();
    expect(kindOf(() => readOcspRequest(Uint8Array.from([...wrapped, ...list])))).toBe('too-many');
  });

  test('ok/CertIDs are the same by the same digest only', () => {
    expect(sameCertId(idOf(authority), idOf(authority))).toBe(true);
    expect(sameCertId(idOf(authority), idOf(authority, 'sha256'))).toBe(false);
  });
});

describe('answers', () => {
  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/good, signed on %s', async (curve) => {
    const made = await makeAuthority(curve);
    const single = verifyOcspResponse(readOcspResponse(await answerOf(made)), {
      issuer: made.ca.certificate,
      at: now,
      certId: idOf(made),
    });
    expect(single).toMatchObject({ status: 'good', thisUpdate: now - hour, nextUpdate: now + hour });
  });

  test.each(Object.keys(revocationReasons) as (keyof typeof revocationReasons)[])(
    'ok/revoked for %s',
    async (reason) => {
      const responses = [{ certId: idOf(authority), status: { revokedAt: now - day, reason }, thisUpdate: now }];
      const { status } = verified(await answerOf(authority, { responses }));
      expect(status).toEqual(reason === 'unspecified' ? { revokedAt: now - day } : { revokedAt: now - day, reason });
    },
  );

  test('ok/unknown, by name, by the CA itself, with nonce', async () => {
    const { ca } = authority;
    const nonce = Uint8Array.of(1, 2, 3);
    const responses = [{ certId: idOf(authority), status: 'unknown' as const, thisUpdate: now }];
    const responder = { by: 'name' as const, certificate: ca.certificate };
    const der = await answerOf(authority, { responses, responder, nonce, certificates: [] }, ca.signer);
    expect(verified(der, now, nonce).status).toBe('unknown');
    expect(kindOf(() => verified(der, now, Uint8Array.of(9)))).toBe('nonce-mismatch');
  });

  test.each(['malformedRequest', 'internalError', 'tryLater', 'sigRequired', 'unauthorized'] as const)(
    'fail/the responder answers %s',
    (status) => {
      const der = writeOcspErrorResponse(status);
      expect(readOcspResponse(der)).toEqual({ status });
      expect(kindOf(() => verified(der))).toBe('not-successful');
    },
  );

  test('fail/too old, from the future, about another certificate', async () => {
    const der = await answerOf(authority);
    expect(kindOf(() => verified(der, now + 2 * hour))).toBe('stale');
    expect(kindOf(() => verified(der, now - 2 * hour))).toBe('not-yet-valid');
    expect(kindOf(() => verified(der, now + hour + 60_000))).toBe('no error');
    const certId = certIdOf({ serialNumber: Uint8Array.of(5) }, authority.ca.certificate, 'sha1');
    const other = await answerOf(authority, { responses: [{ certId, status: 'good', thisUpdate: now }] });
    expect(kindOf(() => verified(other))).toBe('certificate-not-answered');
  });

  test('fail/no responder that the CA authorised', async () => {
    const { ca, leaf } = authority;
    const other = await makeAuthority();
    const [withoutPurpose, forbidden, expired] = await Promise.all([
      issueResponder(ca, [basicConstraints(false), keyUsage('digitalSignature')]),
      issueResponder(ca, [keyUsage('keyAgreement'), extKeyUsage(extendedKeyUsages.ocspSigning)]),
      issue({ profile: 'cps', commonName: 'O', issuer: ca, extensions: responderExtensions, notAfter: now - day }),
    ]);
    for (const responder of [other.responder, withoutPurpose, forbidden, expired]) {
      const der = await answerOf({ ca, leaf, responder });
      expect(kindOf(() => verified(der))).toBe('unauthorised-responder');
    }
    const alone = await answerOf(authority, { certificates: [] });
    expect(kindOf(() => verified(alone))).toBe('unauthorised-responder');
    const forged = await answerOf(authority, {}, other.responder.signer);
    expect(kindOf(() => verified(forged))).toBe('bad-signature');
  });

  test('fail/any changed octet: a typed error, or the same answer', async () => {
    const der = await answerOf(authority);
    const before = verified(der);
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const changed = Uint8Array.from(der);
        changed[place] = (changed[place] ?? 0) ^ change;
        let after: ReturnType<typeof verified> | undefined;
        const kind = kindOf(() => {
          after = verified(changed);
        });
        if (kind === 'no error') expect(after).toEqual(before);
      }),
      { numRuns: 1500 },
    );
    for (let length = 0; length < der.length; length += 3) {
      expect(kindOf(() => readOcspResponse(der.subarray(0, length)))).toBe('malformed');
    }
  });
});
