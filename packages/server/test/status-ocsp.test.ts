/** OCSP over HTTP: what it says, to whom, for how long, and what OpenSSL makes of it. */
import {
  type CertIdHash,
  type Certificate,
  certIdOf,
  extendedKeyUsages,
  isSignedBy,
  type OcspAnswer,
  readCertificate,
  verifyOcspResponse,
} from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  answerIn,
  getOcsp,
  ocspRequest,
  opensslOcsp,
  postOcsp,
  revokeOverOpnc,
  statusesIn,
} from './certificate-status.ts';
import { issue } from './own-pki.ts';
import { base64, enrol, type Leaf, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(eachServer())('OCSP on $kind', ({ start }) => {
  let server: TestServer;
  let car: Leaf;
  let now = Date.now();
  const clock = { now: () => now };
  beforeAll(async () => {
    server = await start({ clock, ownPublicUrl: true });
    car = await enrol(server.url, 'oem', randomPcid());
  });

  const asked = (leaf: Leaf = car) => ({ certificate: leaf.certificate, issuer: leaf.subCa2 });
  const newCar = () => enrol(server.url, 'oem', randomPcid());
  const revoke = async ({ certificate }: Leaf, reason?: string) => {
    expect((await revokeOverOpnc(server.url, base64(certificate.der), reason)).status).toBe(200);
  };

  const certId = (leaf: Leaf, hash: CertIdHash = 'sha1') => certIdOf(leaf.certificate, leaf.subCa2, hash);

  describe.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)('CertIDs by %s', (hash) => {
    test('ok/good, over POST and GET, signed by a responder of the issuer', async () => {
      const request = ocspRequest([asked()], hash);
      for (const response of [await postOcsp(server.url, request), await getOcsp(server.url, request)]) {
        expect(response.headers.get('content-type')).toBe('application/ocsp-response');
        const answer = await answerIn(response);
        expect(answer.responses).toMatchObject([
          { status: 'good', certId: { hash, serialHex: car.certificate.serialHex } },
        ]);
        verifyOcspResponse(answer, { issuer: car.subCa2, at: now, certId: certId(car, hash) });
        expectDelegated(answer, car.subCa2);
      }
    });
  });

  function expectDelegated({ certificates }: OcspAnswer, issuer: Certificate): void {
    const [responder, ...more] = certificates.map(readCertificate);
    if (responder === undefined) throw new Error('the answer has no certificate');
    expect(more).toEqual([]);
    expect(isSignedBy(responder, issuer)).toBe(true);
    expect(responder.extendedKeyUsage).toEqual([extendedKeyUsages.ocspSigning]);
    expect([...(responder.keyUsage ?? [])]).toEqual(['digitalSignature']);
    expect(responder.basicConstraints).toEqual({ ca: false });
    // id-pkix-ocsp-nocheck, 1.3.6.1.5.5.7.48.1.5
    expect(Buffer.from(responder.der).toString('hex')).toContain('06092b0601050507300105');
  }

  test.each(['keyCompromise', 'unspecified', 'aACompromise'] as const)(
    'ok/revoked for %s is told at once, with time and reason',
    async (reason) => {
      const other = await newCar();
      const request = ocspRequest([asked(other)]);
      expect(await statusesIn(await postOcsp(server.url, request))).toEqual(['good']);
      expect(await statusesIn(await getOcsp(server.url, request))).toEqual(['good']);
      await revoke(other, reason);
      const revoked = { revokedAt: Math.floor(now / 1000) * 1000, ...(reason !== 'unspecified' && { reason }) };
      for (const response of [await postOcsp(server.url, request), await getOcsp(server.url, request)]) {
        const [status] = await statusesIn(response);
        expect(status).toEqual(expect.objectContaining(revoked));
      }
    },
  );

  test('ok/unknown: a serial number that was never given, an issuer that is not ours', async () => {
    const never = { certificate: { serialNumber: Uint8Array.of(0x41, 2, 3) }, issuer: car.subCa2 };
    const foreign = (await issue({ profile: 'root', commonName: 'Somebody else' })).certificate;
    const sameNameOtherKey = { ...car.subCa2, publicKey: foreign.publicKey };
    const wrongIssuer = { certificate: car.certificate, issuer: car.subCa1 };
    for (const each of [
      never,
      { certificate: car.certificate, issuer: foreign },
      { certificate: car.certificate, issuer: sameNameOtherKey },
      wrongIssuer,
    ]) {
      expect(await statusesIn(await postOcsp(server.url, ocspRequest([each])))).toEqual(['unknown']);
    }
  });

  test('ok/several certificates of several issuers in one request, in its order', async () => {
    const [gone, cps] = [await newCar(), await enrol(server.url, 'cps', 'Some signer')];
    await revoke(gone, 'superseded');
    const never = { certificate: { serialNumber: Uint8Array.of(0x42) }, issuer: car.subCa2 };
    const subCa = { certificate: car.subCa2, issuer: car.subCa1 };
    const request = ocspRequest([asked(), asked(gone), never, subCa, asked(cps)], 'sha256');
    expect(await statusesIn(await postOcsp(server.url, request))).toEqual([
      'good',
      expect.objectContaining({ reason: 'superseded' }),
      'unknown',
      'good',
      'good',
    ]);
  });

  test.each([1, 16, 32, 128])('ok/a nonce of %i octets comes back, and nobody keeps the answer', async (octets) => {
    const nonce = new Uint8Array(octets).fill(0xa5);
    const response = await getOcsp(server.url, ocspRequest([asked()], 'sha1', nonce));
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect((await answerIn(response)).nonce).toEqual(nonce);
    expect((await answerIn(await postOcsp(server.url, ocspRequest([asked()])))).nonce).toBeUndefined();
  });

  test('ok/headers of RFC 5019 §6.2 and 304 for who has the answer', async () => {
    const request = ocspRequest([asked(await newCar())]);
    const response = await getOcsp(server.url, request);
    const { headers } = response;
    const [single] = (await answerIn(response)).responses;
    if (single?.nextUpdate === undefined) throw new Error('the answer has no nextUpdate');
    expect(single.nextUpdate - single.thisUpdate).toBe(HOUR_MS);
    expect(headers.get('cache-control')).toBe('max-age=3599, public, no-transform, must-revalidate');
    expect(Date.parse(headers.get('last-modified') ?? '')).toBe(single.thisUpdate);
    expect(Math.abs(Date.parse(headers.get('expires') ?? '') - single.nextUpdate)).toBeLessThanOrEqual(1000);
    const etag = headers.get('etag') ?? '';
    const known = await getOcsp(server.url, request, { 'if-none-match': `"other", ${etag}` });
    expect([known.status, (await known.arrayBuffer()).byteLength]).toEqual([304, 0]);
    expect((await getOcsp(server.url, request, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('ok/a prepared answer is signed once, and anew when half of its life is over', async () => {
    const request = ocspRequest([asked(await newCar())]);
    const octets = async () => base64(new Uint8Array(await (await postOcsp(server.url, request)).arrayBuffer()));
    const first = await octets();
    now += 29 * 60_000;
    expect(await octets()).toBe(first);
    now += 60_000;
    expect(await octets()).not.toBe(first);
    now -= 30 * 60_000;
  });

  test('ok/base64 in the path as clients write it', async () => {
    // Serial numbers that make every form of base64 appear: `+`, `/` at the end and inside, paddings.
    const forms = Array.from({ length: 400 }, (_, index) => ({
      certificate: { serialNumber: Uint8Array.of(0x40 + (index & 0x3f), index >> 2, 0xfb, 0xff, index & 0xff) },
      issuer: car.subCa2,
    })).map((each) => base64(ocspRequest([each])));
    const endsInSlash = base64(
      ocspRequest([{ certificate: { serialNumber: Uint8Array.of(0x40, 0xff) }, issuer: car.subCa2 }]),
    );
    const chosen = [...forms.filter((form) => form.includes('//')), ...forms.filter((form) => form.endsWith('/'))];
    const tried = new Set([...chosen.slice(0, 4), ...forms.slice(0, 4), endsInSlash]);
    for (const form of tried) {
      for (const path of [encodeURIComponent(form), form, form.replaceAll('=', '%3d'), form.replaceAll('=', '')]) {
        expect(await statusesIn(await fetch(`${server.url}/ocsp/${path}`)), path).toEqual(['unknown']);
      }
    }
  });

  test('ok/other replicas tell of a revocation at once, and use the same responder', async () => {
    const other = await newCar();
    const request = ocspRequest([asked(other)]);
    const before = await answerIn(await postOcsp(server.url, request));
    // As another process on the same database revokes it.
    await server.store.db
      .updateTable('issued_certificate')
      .set({ revoked_at: now, revocation_reason: 'cessationOfOperation' })
      .where('fingerprint', '=', other.certificate.fingerprint)
      .execute();
    const after = await answerIn(await postOcsp(server.url, request));
    expect(after.responses[0]?.status).toMatchObject({ reason: 'cessationOfOperation' });
    expect(after.certificates).toEqual(before.certificates);
  });

  test('ok/openssl accepts good, revoked, both digests, with and without nonce', async () => {
    const gone = await newCar();
    await revoke(gone, 'keyCompromise');
    expect(await opensslOcsp(car)).toMatch(/leaf.pem: good\n[\s\S]*Response verify OK/);
    for (const more of [['-no_nonce'], ['-nonce'], ['-no_nonce', '-sha256']]) {
      const printed = await opensslOcsp(gone, ...more);
      expect(printed).toMatch(/leaf.pem: revoked\n[\s\S]*Response verify OK/);
      expect(printed).toContain('Reason: keyCompromise');
      expect(printed).toContain('Revocation Time: ');
    }
  });

  test('ok/the status of every sub CA, each from a responder with a key as its issuer has, to openssl as well', async () => {
    const rows = await server.store.db.selectFrom('authority').select(['name', 'issuer_name', 'certificate']).execute();
    const byName = new Map(rows.map(({ name, certificate }) => [name, readCertificate(certificate)]));
    const ofSubCas = rows.filter(({ name, issuer_name }) => name !== issuer_name);
    expect(ofSubCas.length).toBeGreaterThan(20);
    const curves = new Set<string>();
    for (const { name, issuer_name } of ofSubCas) {
      const [certificate, issuer] = [byName.get(name), byName.get(issuer_name)];
      if (certificate === undefined || issuer === undefined) throw new Error(`${name} has no issuer`);
      const answer = await answerIn(await postOcsp(server.url, ocspRequest([{ certificate, issuer }], 'sha256')));
      const id = certIdOf(certificate, issuer, 'sha256');
      expect([name, verifyOcspResponse(answer, { issuer, at: now, certId: id }).status]).toEqual([name, 'good']);
      expectDelegated(answer, issuer);
      const { curve } = issuer.publicKey;
      expect(readCertificate(answer.certificates[0] ?? new Uint8Array()).publicKey.curve).toBe(curve);
      if (curves.has(curve)) continue;
      curves.add(curve);
      const root = byName.get(issuer_name.replace(/^[a-z0-9]+-(sub1|sub2|root)/, 'v2g-root')) ?? issuer;
      expect(await opensslOcsp({ certificate, subCa2: issuer, subCa1: root, root })).toMatch(
        /leaf.pem: good\n[\s\S]*Response verify OK/,
      );
    }
    expect([...curves].sort()).toEqual(['ed448', 'secp256r1', 'secp521r1']);
  });

  test('ok/the responder lives through a restart and is renewed before its end', async () => {
    const responder = async () => {
      const answer = await answerIn(await postOcsp(server.url, ocspRequest([asked()])));
      verifyOcspResponse(answer, { issuer: car.subCa2, at: now, certId: certId(car) });
      expectDelegated(answer, car.subCa2);
      return readCertificate(answer.certificates[0] ?? new Uint8Array());
    };
    const first = await responder();
    server = await server.restart();
    expect((await responder()).fingerprint).toBe(first.fingerprint);
    now = first.notAfter - 31 * DAY_MS;
    expect((await responder()).fingerprint).toBe(first.fingerprint);
    now = first.notAfter - 29 * DAY_MS;
    const [second, third] = await Promise.all([responder(), responder()]);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    expect(third.fingerprint).toBe(second.fingerprint);
    // As the operator does it when a responder's key is lost.
    await server.store.db
      .updateTable('issued_certificate')
      .set({ revoked_at: now, revocation_reason: 'keyCompromise' })
      .where('fingerprint', '=', second.fingerprint)
      .execute();
    now += 31 * 60_000;
    expect((await responder()).fingerprint).not.toBe(second.fingerprint);
    const recorded = await server.store.db.selectFrom('issued_certificate').select('fingerprint').execute();
    expect(recorded.map(({ fingerprint }) => fingerprint)).toEqual(
      expect.arrayContaining([first.fingerprint, second.fingerprint]),
    );
  });
});
