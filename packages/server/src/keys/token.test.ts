/** Against SoftHSM2 where the machine has it (Debian: `softhsm2`); skipped, and said so, where it has not. */
import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { opensslVerify } from '../../test/openssl.ts';
import { TEST_SECRET } from '../../test/pki.ts';
import { makeToken, noSoftHsm, softHsm } from '../../test/softhsm.ts';
import { eachStore } from '../../test/stores.ts';
import { publicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { Store } from '../store/store.ts';
import { type KeyLocations, keyStore, parseKeyRules, TokenError } from './key-store.ts';

const run = promisify(execFile);
if (noSoftHsm !== undefined) process.stderr.write(`keys in tokens are not tested: ${noSoftHsm}\n`);

const { pin: PIN, module: library } = softHsm;
const clock = { now: () => Date.now() };
const message = Buffer.from('signed inside the token');
const locationsWith = (rules: string, token: KeyLocations['token'] = softHsm): KeyLocations => ({
  rules: parseKeyRules(rules),
  token,
});

beforeAll(async () => {
  return noSoftHsm === undefined ? (await makeToken()).remove : undefined;
});

describe.skipIf(noSoftHsm !== undefined).each(eachStore())('keys in a token, rows on $kind', ({ open }) => {
  const keysOn = (store: Store, locations: KeyLocations) =>
    keyStore({ store, masterSecret: TEST_SECRET, clock, locations });

  test.each(['secp256r1', 'secp521r1'] as const)(
    'ok/a %s key signs in the token, also after a restart',
    async (curve) => {
      const store = await open();
      const keys = keysOn(store, locationsWith('*=pkcs11'));
      const made = await keys.createFor('cps-signer', curve);
      await store.transaction(made.record);
      await keys.close();

      const again = keysOn(store, locationsWith('*=database'));
      const signer = await again.signer(made.id);
      expect([signer.curve, signer.publicKey]).toEqual([curve, made.signer.publicKey]);
      const key = createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' });
      const hash = curve === 'secp256r1' ? 'sha256' : 'sha512';
      const signatures = await Promise.all(Array.from({ length: 20 }, () => signer.sign(message)));
      for (const signature of signatures) {
        expect(verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      }
      const row = await store.db.selectFrom('private_key').selectAll().executeTakeFirstOrThrow();
      expect([row.location, row.sealed_pkcs8.length]).toEqual(['pkcs11', 0]);
      expect(await again.locationsOf([made.id])).toEqual(new Map([[made.id, 'pkcs11:plugpool']]));
      expect(await again.problems()).toEqual([]);
      await again.close();
    },
  );

  test('ok/the key cannot leave the token', async () => {
    const store = await open();
    const keys = keysOn(store, locationsWith('*=pkcs11'));
    await keys.createFor('mo-sub2', 'secp256r1');
    await keys.close();
    const { stdout } = await run('softhsm2-util', ['--show-slots']);
    expect(stdout).toContain('plugpool');
    const { attributes } = await privateKeyAttributes('mo-sub2');
    expect(attributes).toEqual({ sensitive: true, extractable: false, neverExtractable: true, local: true });
  });

  test('ok/authorities by pattern: the roots and signers of the elliptic curves in the token', async () => {
    const store = await open();
    const keys = keysOn(store, locationsWith('*-ed448*=database,v2g-root*=pkcs11,cps-signer*=pkcs11,*=database'));
    const pki = publicKeyInfrastructure({ store, keys, clock, publicUrl: 'http://127.0.0.1:8080' });
    await pki.ensureDemoAuthorities();
    const all = await pki.authorities();
    const locations = await keys.locationsOf(all.map(({ privateKeyId }) => privateKeyId));
    const inToken = all.filter(({ privateKeyId }) => locations.get(privateKeyId) === 'pkcs11:plugpool');
    expect(inToken.map(({ name }) => name).sort()).toEqual([
      'cps-signer',
      'cps-signer-p521',
      'v2g-root',
      'v2g-root-p521',
    ]);
    for (const { certificate, subCa2, subCa1, root } of await pki.cpsSigners()) {
      expect(await opensslVerify(certificate, [subCa2, subCa1], root)).toBe('leaf.pem: OK\n');
    }
    expect((await pki.rotate('cps-signer-p521')).name).toBe('cps-signer-p521-g2');
    await keys.close();
  });

  const wrong: [string, KeyLocations, 'secp256r1' | 'ed448', string][] = [
    ['Ed448', locationsWith('*=pkcs11'), 'ed448', 'Ed448 keys are not kept in tokens: put cps-signer=database before'],
    ['no token configured', { rules: parseKeyRules('*=pkcs11') }, 'secp256r1', 'none is configured'],
    [
      'another PIN',
      locationsWith('*=pkcs11', { ...softHsm, pin: '0000-wrong' }),
      'secp256r1',
      'the PIN of the token "plugpool" is wrong',
    ],
    ['no such token', locationsWith('*=pkcs11', { ...softHsm, token: 'x' }), 'secp256r1', 'has no token "x"'],
    ['no such library', locationsWith('*=pkcs11', { ...softHsm, module: '/nowhere.so' }), 'secp256r1', '/nowhere.so'],
  ];
  test.each(wrong)('fail/%s', async (_reason, locations, curve, text) => {
    const keys = keysOn(await open(), locations);
    const failed: unknown = await keys.createFor('cps-signer', curve).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TokenError);
    expect(String(failed)).toContain(text);
    expect(String(failed)).not.toContain(PIN);
    await keys.close();
  });

  test('fail/readiness tells that the token is away', async () => {
    const keys = keysOn(await open(), locationsWith('*=pkcs11', { ...softHsm, token: 'away' }));
    expect(await keys.problems()).toEqual([`${library} has no token "away"`]);
  });

  test('fail/a key that the token does not have', async () => {
    const store = await open();
    const keys = keysOn(store, locationsWith('*=pkcs11'));
    const made = await keys.createFor('cps-signer', 'secp256r1');
    await store.transaction(made.record);
    await store.db.updateTable('private_key').set({ reference: 'ab' }).execute();
    await expect(keys.signer(made.id)).rejects.toThrow('the token "plugpool" has no private key ab');
    await keys.close();
  });
});

/** Asked of the token by a session of the test's own. */
async function privateKeyAttributes(label: string) {
  const { PKCS11, ...ck } = createRequire(import.meta.url)('pkcs11js');
  const cryptoki = new PKCS11();
  cryptoki.load(library);
  cryptoki.C_Initialize();
  const slot = cryptoki.C_GetSlotList(true)[0];
  const session = cryptoki.C_OpenSession(slot, ck.CKF_SERIAL_SESSION);
  cryptoki.C_Login(session, ck.CKU_USER, PIN);
  cryptoki.C_FindObjectsInit(session, [
    { type: ck.CKA_CLASS, value: ck.CKO_PRIVATE_KEY },
    { type: ck.CKA_LABEL, value: label },
  ]);
  const [key] = cryptoki.C_FindObjects(session, 1);
  cryptoki.C_FindObjectsFinal(session);
  const types = [ck.CKA_SENSITIVE, ck.CKA_EXTRACTABLE, ck.CKA_NEVER_EXTRACTABLE, ck.CKA_LOCAL];
  const values: { value: Buffer }[] = cryptoki.C_GetAttributeValue(
    session,
    key,
    types.map((type) => ({ type })),
  );
  cryptoki.C_Finalize();
  const [sensitive, extractable, neverExtractable, local] = values.map(({ value }) => value[0] === 1);
  return { attributes: { sensitive, extractable, neverExtractable, local } };
}
