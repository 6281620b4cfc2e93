import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatName } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { opensslVerify } from '../../test/openssl.ts';
import { pkiOn, TEST_NOW } from '../../test/pki.ts';
import { eachDatabase, eachStore } from '../../test/stores.ts';
import { keyStore } from '../keys/key-store.ts';
import { publicKeyInfrastructure } from './public-key-infrastructure.ts';

const run = promisify(execFile);
const firstStart = fileURLToPath(new URL('../../test/first-start.ts', import.meta.url));

const branches = (...domains: string[]) => domains.flatMap((domain) => [`${domain}-sub1`, `${domain}-sub2`]);
const iso2Names = ['v2g-root', ...branches('oem', 'mo', 'cpo', 'cps'), 'cps-signer'];
const names = [
  ...iso2Names,
  ...['p521', 'ed448'].flatMap((suffix) => [...iso2Names, ...branches('veh')].map((name) => `${name}-${suffix}`)),
].sort();
const ROOTS = 3;

describe.each(eachStore())('demo authorities on $kind', ({ open }) => {
  test('ok/made once and kept across restarts, keys and all', async () => {
    const store = await open();
    const first = pkiOn(store).pki;
    expect(await first.ensureDemoAuthorities()).toBe(true);
    const made = await first.authorities();
    expect(made.map(({ name }) => name).sort()).toEqual(names);

    const later = pkiOn(store, () => TEST_NOW + 1_000).pki;
    expect(await later.ensureDemoAuthorities()).toBe(false);
    const kept = await later.authorities();
    expect(kept.map(({ certificate }) => certificate.fingerprint)).toEqual(
      made.map(({ certificate }) => certificate.fingerprint),
    );
    const [signer] = await later.cpsSigners();
    expect(signer?.signer.publicKey.spki).toEqual(signer?.certificate.publicKey.spki);
    expect(signer?.root.fingerprint).toBe((await later.roots())[0]?.fingerprint);
  });

  test('ok/a database from before ISO 15118-20 gets what it lacks and keeps what it has', async () => {
    const store = await open();
    await pkiOn(store).pki.ensureDemoAuthorities();
    const isNew = (name: string) => /-(p521|ed448)$/.test(name);
    const before = (await pkiOn(store).pki.authorities()).filter(({ name }) => !isNew(name));
    await store.transaction(async (tx) => {
      await tx.deleteFrom('issued_certificate').where('authority_name', 'like', '%-p521').execute();
      await tx.deleteFrom('issued_certificate').where('authority_name', 'like', '%-ed448').execute();
      await tx.deleteFrom('authority').where('edition', '=', 'ISO15118-20').execute();
    });
    const added: string[] = [];
    const { pki } = pkiOn(store);
    const made = await pki.ensureDemoAuthorities(async (_tx, roots) => {
      added.push(...roots.map(({ subject }) => formatName(subject)));
    });
    expect([made, added]).toEqual([
      true,
      ['P-521', 'Ed448'].map((label) => `CN=plugpool V2G Root ${label}, DC=V2G, O=plugpool, C=DE`),
    ]);
    const after = await pki.authorities();
    expect(after.map(({ name }) => name).sort()).toEqual(names);
    expect(after.filter(({ name }) => !isNew(name)).map(({ certificate }) => certificate.fingerprint)).toEqual(
      before.map(({ certificate }) => certificate.fingerprint),
    );
  });

  test('ok/beginnings at the same time on one store leave one PKI', async () => {
    const store = await open();
    const made = await Promise.all([1, 2, 3, 4].map(() => pkiOn(store).pki.ensureDemoAuthorities()));
    expect(made.filter(Boolean)).toHaveLength(1);
    const keys = await store.db.selectFrom('private_key').select('id').execute();
    expect(keys).toHaveLength(names.length);
    const issued = await store.db.selectFrom('issued_certificate').select('fingerprint').execute();
    expect(issued).toHaveLength(names.length - ROOTS);
  });

  test('ok/a replica that was empty a moment ago sees what another one made', async () => {
    const store = await open();
    const other = await store.reopen();
    const replica = pkiOn(other).pki;
    await expect(replica.authority('v2g-root')).rejects.toThrow('There is no certificate authority "v2g-root"');
    await pkiOn(store).pki.ensureDemoAuthorities();
    expect((await replica.authority('v2g-root')).name).toBe('v2g-root');
    await other.close();
  });

  test('ok/an addition is seen when the list in memory has aged', async () => {
    const store = await open();
    let now = TEST_NOW;
    const { pki, keys } = pkiOn(store, () => now);
    await pki.ensureDemoAuthorities();
    expect(await pki.cpsSigners()).toHaveLength(ROOTS);

    const [signer] = await pki.cpsSigners();
    const key = keys.create('secp256r1');
    await store.transaction(async (tx) => {
      await key.record(tx);
      await tx
        .insertInto('authority')
        .values({
          name: 'cps-signer-2',
          edition: 'ISO15118-2',
          issuer_name: 'cps-sub2',
          certificate: signer?.certificate.der ?? new Uint8Array(),
          fingerprint: 'another',
          private_key_id: key.id,
          created_at: now,
        })
        .execute();
    });
    expect(await pki.cpsSigners()).toHaveLength(ROOTS);
    now += 5_000;
    expect(await pki.cpsSigners()).toHaveLength(ROOTS + 1);
  });

  test('fail/with another master secret than the one its keys were sealed with', async () => {
    const store = await open();
    await pkiOn(store).pki.ensureDemoAuthorities();
    const clock = { now: () => TEST_NOW };
    const keys = keyStore({ store, masterSecret: new Uint8Array(32), clock });
    const wrong = publicKeyInfrastructure({ store, keys, clock, publicUrl: 'http://127.0.0.1:8080' });
    await expect(wrong.ensureDemoAuthorities()).rejects.toThrow('were sealed with another master secret');
  });

  test('ok/openssl verifies every chain strictly', async () => {
    const { pki } = pkiOn(await open(), () => Date.now());
    await pki.ensureDemoAuthorities();
    for (const { certificate, issuer, name } of await pki.authorities()) {
      const above = [];
      for (let each = issuer; each !== undefined; each = each.issuer) above.push(each.certificate);
      const root = above.pop() ?? certificate;
      expect([name, await opensslVerify(certificate, above, root)]).toEqual([name, 'leaf.pem: OK\n']);
    }
  });

  test('ok/a signer that has expired is not offered', async () => {
    let now = TEST_NOW;
    const { pki } = pkiOn(await open(), () => now);
    await pki.ensureDemoAuthorities();
    now += 5 * 365 * 86_400_000;
    expect(await pki.cpsSigners()).toEqual([]);
  });
});

describe.each(eachDatabase())('first start on $kind', ({ create }) => {
  test('ok/processes that start together share the authorities of one', async () => {
    const { location, drop } = await create();
    const starts = Array.from({ length: 3 }, () => run(process.execPath, [firstStart, JSON.stringify(location)]));
    const outcomes = (await Promise.all(starts)).map(({ stdout }) => JSON.parse(stdout));
    expect(outcomes.filter(({ made }) => made)).toHaveLength(1);
    for (const { fingerprints, signers } of outcomes) {
      expect([fingerprints, signers]).toEqual([outcomes[0].fingerprints, ROOTS]);
      expect(fingerprints).toHaveLength(names.length);
    }
    await drop();
  });
});
