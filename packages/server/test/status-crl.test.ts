/** Revocation lists over HTTP: numbers, times, entries, two replicas, and what OpenSSL makes of them. */
import { type Certificate, randomSerialNumber, readCertificate, readCrl, verifyCrl } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificateStatus } from '../src/pki/status/certificate-status.ts';
import { crlOf, opensslVerifyWithCrls, pem, revokeOverOpnc } from './certificate-status.ts';
import { openssl } from './openssl.ts';
import { pkiOn, TEST_NOW } from './pki.ts';
import { base64, enrol, type Leaf, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { eachStore, type TestStore } from './stores.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe.each(eachServer())('revocation lists on $kind', ({ start }) => {
  let server: TestServer;
  let car: Leaf;
  let now = Date.now();
  beforeAll(async () => {
    server = await start({ clock: { now: () => now }, ownPublicUrl: true });
    car = await enrol(server.url, 'oem', randomPcid());
  });
  const list = () => crlOf(server.url, 'oem-sub2', car.subCa2, now);
  const revoke = async ({ certificate }: Leaf, reason?: string) => {
    expect((await revokeOverOpnc(server.url, base64(certificate.der), reason)).status).toBe(200);
  };

  test('ok/one for every CA, where its certificates say', async () => {
    const rows = await server.store.db.selectFrom('authority').select(['name', 'certificate']).execute();
    const cas = rows.filter(({ name }) => !name.startsWith('cps-signer'));
    expect(cas.length).toBeGreaterThan(8);
    for (const { name, certificate } of cas) {
      const ca = readCertificate(certificate);
      const crl = await crlOf(server.url, name, ca, now);
      expect([name, crl.size, crl.scope, crl.number]).toEqual([name, 0, 'all', 1]);
      expect(crl.authorityKeyIdentifier).toEqual(ca.subjectKeyIdentifier);
    }
    expect(car.certificate.crlUrls).toEqual([`${server.url}/crl/oem-sub2.crl`]);
  });

  test('ok/a revocation is in the next one, with time and reason, under the next number', async () => {
    const before = await list();
    expect((await list()).der).toEqual(before.der);
    const [one, two] = [await enrol(server.url, 'oem', randomPcid()), await enrol(server.url, 'oem', randomPcid())];
    await revoke(one, 'keyCompromise');
    const first = await list();
    await revoke(two, 'unspecified');
    const second = await list();
    expect([first.number, second.number]).toEqual([before.number + 1, before.number + 2]);
    const revokedAt = Math.floor(now / 1000) * 1000;
    expect(second.revocationOf(one.certificate.serialHex)).toEqual({ revokedAt, reason: 'keyCompromise' });
    // RFC 5280 §5.3.1: this reason is left out.
    expect(second.revocationOf(two.certificate.serialHex)).toEqual({ revokedAt });
    expect(first.revocationOf(two.certificate.serialHex)).toBeUndefined();
    await revoke(two, 'superseded');
    expect((await list()).number).toBe(second.number);
  });

  test('ok/headers, and 304 for who has it', async () => {
    const { headers, thisUpdate, nextUpdate } = await list();
    expect((nextUpdate ?? 0) - thisUpdate).toBe(DAY_MS);
    expect(headers.get('content-type')).toBe('application/pkix-crl');
    expect(headers.get('cache-control')).toBe('max-age=300, public, no-transform, must-revalidate');
    expect(Date.parse(headers.get('last-modified') ?? '')).toBe(thisUpdate);
    const known = await fetch(`${server.url}/CRL/OEM-Sub2.crl/`, {
      headers: { 'if-none-match': headers.get('etag') ?? '' },
    });
    expect(known.status).toBe(304);
  });

  test('ok/the number lives through a restart', async () => {
    const before = await list();
    server = await server.restart();
    expect((await list()).der).toEqual(before.der);
    await revoke(await enrol(server.url, 'oem', randomPcid()));
    expect((await list()).number).toBe(before.number + 1);
  });

  test('ok/renewed before nextUpdate', async () => {
    const before = await list();
    const began = now;
    now = (before.nextUpdate ?? 0) - 12 * HOUR_MS - 1;
    expect((await list()).number).toBe(before.number);
    now += 1;
    const after = await list();
    expect([after.number, after.size]).toEqual([before.number + 1, before.size]);
    expect(after.thisUpdate).toBeGreaterThan(before.thisUpdate);
    now = began;
  });

  test.each(['/crl/nobody.crl', '/crl/cps-signer.crl', '/crl/oem-sub2', '/crl/oem-sub2.cer', '/crl/%00.crl'])(
    'refused/%s',
    async (path) => {
      const response = await fetch(server.url + path);
      expect([response.status, await response.json()]).toEqual([
        404,
        { errorMessages: [expect.stringContaining('There is no certificate authority')], traceId: expect.any(String) },
      ]);
    },
  );

  test('ok/openssl crl reads and verifies it', async () => {
    const { der, number } = await list();
    const files = { 'list.crl': der, 'ca.pem': pem(car.subCa2) };
    const printed = await openssl(['crl', '-inform', 'DER', '-in', 'list.crl', '-CAfile', 'ca.pem', '-text'], files);
    expect(printed).toContain('verify OK');
    expect(printed).toContain('Key Compromise');
    expect(printed).toMatch(new RegExp(`CRL Number: *\\n *${number}\\n`));
  });

  test('ok/openssl verify -crl_check_all by the addresses in the certificates', async () => {
    const contract = await enrol(server.url, 'mo', randomEmaid());
    expect(await opensslVerifyWithCrls(server.url, contract)).toBe('leaf.pem: OK\n');
    await revoke(contract);
    expect(await opensslVerifyWithCrls(server.url, contract)).toContain('certificate revoked');
    expect(await opensslVerifyWithCrls(server.url, car)).toBe('leaf.pem: OK\n');
  });
});

/** How many entries a list has, once its signature is checked. */
function sizeOf({ der }: { readonly der: Uint8Array }, issuer: Certificate, at: number): number {
  const crl = readCrl(der);
  verifyCrl(crl, issuer, at);
  return crl.size;
}

describe.each(eachStore())('revocation lists of several replicas on $kind', ({ open }) => {
  let now = TEST_NOW;

  async function replica(store: TestStore) {
    const { pki, keys } = pkiOn(store, () => now);
    await pki.ensureDemoAuthorities();
    return { pki, status: certificateStatus({ store, keys, clock: { now: () => now }, pki }) };
  }

  /** Serial numbers as if they had been issued and revoked. */
  async function revoked(store: TestStore, count: number, notAfter = now + DAY_MS): Promise<string[]> {
    const rows = Array.from({ length: count }, () => {
      const serial_hex = Buffer.from(randomSerialNumber()).toString('hex');
      return {
        fingerprint: `${serial_hex}${serial_hex}`,
        authority_name: 'oem-sub2',
        serial_hex,
        common_name: 'X',
        certificate: new Uint8Array(1),
        not_before: now,
        not_after: notAfter,
        issued_at: now,
        revoked_at: now,
        revocation_reason: 'superseded',
      };
    });
    for (let at = 0; at < rows.length; at += 1000) {
      await store.db
        .insertInto('issued_certificate')
        .values(rows.slice(at, at + 1000))
        .execute();
    }
    return rows.map(({ serial_hex }) => serial_hex);
  }

  test('ok/a number stands for one content, whoever asks whom while things are revoked', async () => {
    const store = await open();
    const replicas = [await replica(store), await replica(store), await replica(store)];
    const seen = new Map<string, string>();
    for (let round = 0; round < 8; round++) {
      const asking = replicas.flatMap(({ status }) => [status.crl('oem-sub2'), status.crl('oem-sub2')]);
      const [answers] = await Promise.all([Promise.all(asking), revoked(store, 2)]);
      for (const { der, freshness } of answers) {
        const number = freshness.tag.split('-')[0] ?? '';
        expect(seen.get(number) ?? base64(der)).toBe(base64(der));
        seen.set(number, base64(der));
      }
    }
    expect(seen.size).toBeGreaterThan(2);
    const [last] = await Promise.all(replicas.map(({ status }) => status.crl('oem-sub2')));
    const { certificate } = await (replicas[0] ?? (await replica(store))).pki.authority('oem-sub2');
    expect(last && sizeOf(last, certificate, now)).toBe(16);
  });

  test('ok/an entry stays for one list after its certificate has expired, then goes', async () => {
    const store = await open();
    const { pki, status } = await replica(store);
    const { certificate } = await pki.authority('oem-sub2');
    await revoked(store, 1, now + HOUR_MS);
    const size = async () => sizeOf(await status.crl('oem-sub2'), certificate, now);
    expect(await size()).toBe(1);
    now += HOUR_MS + 13 * HOUR_MS;
    expect(await size()).toBe(1);
    now += 13 * HOUR_MS;
    expect(await size()).toBe(0);
    now = TEST_NOW;
  });

  test('ok/thousands of entries', async () => {
    const store = await open();
    const { pki, status } = await replica(store);
    const { certificate } = await pki.authority('oem-sub2');
    await revoked(store, 20_000);
    expect(sizeOf(await status.crl('oem-sub2'), certificate, now)).toBe(20_000);
  });
});
