import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, fromPem, generateKeyPair, readCertificate, toPem } from '@plugpool/iso15118';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dataFlags, plugpool } from '../../test/command-line.ts';
import { openssl, opensslVerify } from '../../test/openssl.ts';
import { type Issued, ownPki } from '../../test/own-pki.ts';
import { pkiOn, TEST_SECRET } from '../../test/pki.ts';
import { eachDatabase, type TestDatabase } from '../../test/stores.ts';
import { recordIssued } from '../pki/issued.ts';
import { openStore, type Store } from '../store/store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugpool-pki-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe.each(eachDatabase())('plugpool pki on $kind', ({ create }) => {
  let database: TestDatabase;
  let store: Store;

  beforeEach(async () => {
    database = await create();
    store = await openStore(database.location);
    await pkiOn(store, () => Date.now()).pki.ensureDemoAuthorities();
    return async () => {
      await store.close();
      await database.drop();
    };
  });

  const pki = (...argv: string[]) =>
    plugpool(['pki', ...argv, ...dataFlags(database.location)], {
      env: { PLUGPOOL_MASTER_SECRET: Buffer.from(TEST_SECRET).toString('hex') },
    });

  async function exported(name: string): Promise<Certificate> {
    return readCertificate(fromPem((await pki('export', name)).out));
  }

  async function verified(leaf: Certificate, ...above: string[]): Promise<string> {
    const certificates = await Promise.all(above.map(exported));
    const root = certificates.at(-1);
    if (root === undefined) throw new Error('name a root');
    return await opensslVerify(leaf, certificates.slice(0, -1), root);
  }

  test('ok/list, as a table and as JSON', async () => {
    const table = (await pki('list')).out.split('\n');
    expect(table[0]).toMatch(/^AUTHORITY +EDITION +VALID TO +DAYS LEFT +KEY$/);
    expect(table.find((line) => line.startsWith('oem-sub2-p521 '))).toMatch(
      /^oem-sub2-p521 +ISO15118-20 +\d{4}-\d\d-\d\d +10949 +database$/,
    );
    expect(table.slice(1, 4).map((line) => line.split(' ')[0])).toEqual(['v2g-root', 'oem-sub1', 'oem-sub2']);
    const listed: { name: string }[] = JSON.parse((await pki('list', '--json')).out);
    expect(listed).toHaveLength(34);
    expect(listed.find(({ name }) => name === 'cps-signer-ed448')).toEqual({
      name: 'cps-signer-ed448',
      edition: 'ISO15118-20',
      algorithm: 'ed448',
      issuer: 'cps-sub2-ed448',
      current: true,
      revoked: false,
      subject: 'CN=plugpool CPS Signer Ed448, DC=CPS, O=plugpool, C=DE',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      validFrom: expect.any(String),
      validTo: expect.any(String),
      daysLeft: 1459,
      keyLocation: 'database',
    });
  });

  test('ok/export, PEM and DER', async () => {
    const pem = await pki('export', 'v2g-root', '--pem');
    expect(await openssl(['x509', '-in', 'it.pem', '-noout', '-subject'], { 'it.pem': pem.out })).toContain('V2G Root');
    expect((await pki('export', 'v2g-root')).out).toBe(pem.out);
    expect((await pki('export', 'v2g-root', '--der')).out.slice(1)).toContain('plugpool V2G Root');
  });

  test('ok/rotate, and the older generation is marked', async () => {
    expect(await pki('rotate', 'cpo-sub2', 'cps-signer-p521')).toEqual({
      code: 0,
      out: 'cpo-sub2: cpo-sub2-g2 issues and signs from now on\ncps-signer-p521: cps-signer-p521-g2 issues and signs from now on\n',
      err: '',
    });
    expect((await pki('list')).out).toMatch(/^cpo-sub2 +ISO15118-2 .* database +older generation$/m);
    expect(await verified(await exported('cpo-sub2-g2'), 'cpo-sub1', 'v2g-root')).toBe('leaf.pem: OK\n');
  });

  test('ok/add-root, trusted by the pools at once', async () => {
    const names = (await pki('add-root')).out.trimEnd().split('\n');
    expect(names).toEqual(expect.arrayContaining(['v2g-root-2', 'veh-sub1-2-ed448', 'cps-signer-2-p521']));
    const roots = await store.db.selectFrom('root_certificate').select('types').execute();
    expect(roots.map(({ types }) => types)).toEqual(Array.from({ length: 3 }, () => '["V2G"]'));
    expect(
      await verified(await exported('cps-signer-2-p521'), 'cps-sub2-2-p521', 'cps-sub1-2-p521', 'v2g-root-2-p521'),
    ).toBe('leaf.pem: OK\n');
  });

  test('ok/import of a root and what is under it, key and all, by which certificates are issued', async () => {
    const own = await ownPki('Imported');
    const imports: [kind: string, of: Issued][] = [
      ['v2g-root', own.root],
      ['mo-sub1', own.subCa1],
      ['mo-sub2', own.subCa2],
    ];
    const printed: string[] = [];
    for (const [kind, { certificate, key }] of imports) {
      const files = [
        await file(`${kind}.pem`, toPem('CERTIFICATE', certificate.der)),
        await file(`${kind}.key`, key.privateKey.export({ format: 'pem', type: 'pkcs8' })),
      ];
      printed.push((await pki('import', ...files, '--as', kind)).out);
    }
    expect(printed).toEqual(['imported v2g-root-2\n', 'imported mo-sub1-2\n', 'imported mo-sub2-2\n']);
    expect((await store.db.selectFrom('root_certificate').select('fingerprint').execute())[0]).toEqual({
      fingerprint: own.root.certificate.fingerprint,
    });
    const later = pkiOn(store, () => Date.now()).pki;
    expect(await later.ensureDemoAuthorities()).toBe(false);
    const issued = await later.issueContract({
      edition: 'ISO15118-2',
      emaidCommonName: 'DE8AACA2B3C4D5',
      publicKey: generateKeyPair('secp256r1'),
      notBefore: Date.now(),
      notAfter: Date.now() + 1e9,
      moRoot: own.root.certificate.fingerprint,
    });
    await store.transaction((tx) => recordIssued(tx, [issued.record]));
    expect(await verified(issued.certificate, 'mo-sub2-2', 'mo-sub1-2', 'v2g-root-2')).toBe('leaf.pem: OK\n');
  });

  test('refused/imports that do not fit', async () => {
    const own = await ownPki('Refused');
    const stranger = createPrivateKey(generateKeyPair('secp256r1').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const certificate = await file('sub1.pem', toPem('CERTIFICATE', own.subCa1.certificate.der));
    const key = await file('sub1.key', own.subCa1.key.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const other = await file('other.key', stranger.export({ format: 'der', type: 'pkcs8' }));
    const cases: [string[], string][] = [
      [[certificate, other, '--as', 'mo-sub1'], 'mo-sub1 : the key is not that of the certificate'],
      [[certificate, key, '--as', 'mo-sub1'], 'mo-sub1 : was not issued by a v2g-root that is here: import that first'],
      [[certificate, key, '--as', 'cps-signer'], 'cps-signer : is a CA'],
      [[certificate, key, '--as', 'v2g-root'], 'v2g-root : has not signed itself'],
      [[certificate, certificate, '--as', 'mo-sub1'], `${certificate}: there is no private key that can be read`],
      [[certificate, join(folder, 'none'), '--as', 'mo-sub1'], `${join(folder, 'none')} cannot be read`],
    ];
    for (const [argv, text] of cases) {
      const { code, err } = await pki('import', ...argv);
      expect([code, err]).toEqual([1, expect.stringContaining(`plugpool pki: ${text}`)]);
    }
    expect(await store.db.selectFrom('authority').select('name').execute()).toHaveLength(34);
  });

  test('ok/revoke by file and by fingerprint; what is not ours is refused', async () => {
    const certificate = await exported('cps-signer');
    const path = await file('signer.pem', toPem('CERTIFICATE', certificate.der));
    for (const name of [path, certificate.fingerprint.toUpperCase()]) {
      expect(await pki('revoke', name, '--reason', 'superseded')).toEqual({
        code: 0,
        out: `revoked ${certificate.fingerprint}\n`,
        err: '',
      });
    }
    expect((await pki('list')).out).toMatch(/^cps-signer +ISO15118-2 .* database +revoked$/m);
    const later = pkiOn(store, () => Date.now()).pki;
    const statuses = await later.statusOf([certificate.fingerprint]);
    expect(statuses.get(certificate.fingerprint)).toMatchObject({ reason: 'superseded' });
    expect(await pki('revoke', 'ab'.repeat(32), '--reason', 'superseded')).toMatchObject({ code: 1 });
  });

  test.each([
    ['export', 'nobody', 'There is no certificate authority "nobody"'],
    ['rotate', 'nobody', 'There is no certificate authority "nobody"'],
    ['rotate', 'v2g-root-p521', 'v2g-root-p521 : a root has no successor'],
  ])('refused/%s %s', async (action, name, text) => {
    expect(await pki(action, name)).toEqual({
      code: 1,
      out: '',
      err: expect.stringContaining(`plugpool pki: ${text}`),
    });
  });
});
