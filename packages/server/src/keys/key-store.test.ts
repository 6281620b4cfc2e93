import { createPublicKey, verify } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TEST_SECRET } from '../../test/pki.ts';
import { eachStore } from '../../test/stores.ts';
import type { Store } from '../store/store.ts';
import { keyStore } from './key-store.ts';
import { openKey, SealedKeyError, sealKey } from './sealed-key.ts';

const clock = { now: () => 1_000 };
const otherSecret = new Uint8Array(32).fill(8);
const message = Buffer.from('signed by a key that came back');

const keysOf = (store: Store, masterSecret: Uint8Array = TEST_SECRET) => keyStore({ store, masterSecret, clock });

describe.each(eachStore())('key store on $kind', ({ open }) => {
  test.each(['secp256r1', 'secp521r1', 'ed448'] as const)('ok/%s key signs after a restart', async (curve) => {
    const store = await open();
    const made = keysOf(store).create(curve);
    await store.transaction(made.record);

    const signer = await keysOf(store).signer(made.id);
    expect(signer.curve).toBe(curve);
    expect(signer.publicKey).toEqual(made.signer.publicKey);
    const key = createPublicKey({ key: Buffer.from(signer.publicKey.spki), format: 'der', type: 'spki' });
    const hash = { secp256r1: 'sha256', secp521r1: 'sha512', ed448: null }[curve];
    expect(verify(hash, message, { key, dsaEncoding: 'ieee-p1363' }, await signer.sign(message))).toBe(true);
  });

  test('ok/opened once', async () => {
    const store = await open();
    const keys = keysOf(store);
    const made = keys.create('secp256r1');
    await store.transaction(made.record);
    const first = await keys.signer(made.id);
    await store.db.deleteFrom('private_key').execute();
    expect(await keys.signer(made.id)).toBe(first);
  });

  test('fail/a key whose transaction failed is not kept, and asking again works once it is there', async () => {
    const store = await open();
    const keys = keysOf(store);
    const made = keys.create('secp256r1');
    await expect(keys.signer(made.id)).rejects.toThrow(`there is no private key ${made.id}`);
    await store.transaction(made.record);
    expect((await keys.signer(made.id)).curve).toBe('secp256r1');
  });

  test('ok+fail/keys are looked at all together: one that is damaged or gone is named', async () => {
    const store = await open();
    const made = [keysOf(store).create('secp256r1'), keysOf(store).create('ed448')];
    await store.transaction(async (tx) => {
      for (const { record } of made) await record(tx);
    });
    const ids = made.map(({ id }) => id);
    const [first = '', last = ''] = ids;
    await keysOf(store).check(ids);
    await expect(keysOf(store).check([...ids, 'gone'])).rejects.toThrow('there is no private key gone');
    const sealed_pkcs8 = sealKey(TEST_SECRET, first, Uint8Array.of(1));
    await store.db.updateTable('private_key').set({ sealed_pkcs8 }).where('id', '=', last).execute();
    await expect(keysOf(store).check(ids)).rejects.toThrow(`the private key ${last} in this database is damaged`);
  });

  test('fail/another master secret is named as the reason', async () => {
    const store = await open();
    const made = keysOf(store).create('secp256r1');
    await store.transaction(made.record);
    await expect(keysOf(store, otherSecret).signer(made.id)).rejects.toThrow(
      new SealedKeyError('the private keys in this database were sealed with another master secret'),
    );
  });

  test('fail/rows that were exchanged do not open', async () => {
    const store = await open();
    const [one, two] = [keysOf(store).create('secp256r1'), keysOf(store).create('secp256r1')];
    await store.transaction(async (tx) => {
      await one.record(tx);
      await two.record(tx);
    });
    const { sealed_pkcs8 } = await store.db
      .selectFrom('private_key')
      .select('sealed_pkcs8')
      .where('id', '=', two.id)
      .executeTakeFirstOrThrow();
    await store.db.updateTable('private_key').set({ sealed_pkcs8 }).where('id', '=', one.id).execute();
    await expect(keysOf(store).signer(one.id)).rejects.toThrow(`the private key ${one.id} in this database is damaged`);
  });
});

describe('sealed key', () => {
  const pkcs8 = Uint8Array.from({ length: 138 }, (_, index) => index);
  const sealed = sealKey(TEST_SECRET, 'k1', pkcs8);

  test('ok/opens to what was sealed, and never seals the same twice', () => {
    expect(Uint8Array.from(openKey(TEST_SECRET, 'k1', sealed))).toEqual(pkcs8);
    expect(sealKey(TEST_SECRET, 'k1', pkcs8)).not.toEqual(sealed);
    expect(Buffer.from(sealed).includes(Buffer.from(pkcs8.subarray(0, 16)))).toBe(false);
  });

  test('property/any changed or cut octet is a SealedKeyError without key material', () => {
    const secretInHex = Buffer.from(pkcs8).toString('hex');
    const changed = fc
      .tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }))
      .map(([at, mask]) => sealed.map((octet, index) => (index === at ? octet ^ mask : octet)));
    const cut = fc.nat(sealed.length - 1).map((length) => sealed.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(changed, cut), (broken) => {
        let thrown: unknown;
        try {
          openKey(TEST_SECRET, 'k1', broken);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toBeInstanceOf(SealedKeyError);
        expect(inspect(thrown, { depth: 9 })).not.toContain(secretInHex.slice(0, 32));
      }),
    );
  });
});
