import { describe, expect, test } from 'vitest';
import { eachStore } from '../../test/stores.ts';

const contract = {
  emaid: 'DE8AAA00000001',
  pcid: 'WMI12345678901234',
  shown_pcid: 'WMI12345678901234',
  provider_id: 'DE8AA',
  created_at: 1,
};

describe.each(eachStore())('store on $kind', ({ open }) => {
  test('ok/values come back as they went in', async () => {
    const store = await open();
    const row = {
      id: 'k1',
      curve: 'secp256r1',
      sealed_pkcs8: Uint8Array.from([0, 255, 128]),
      location: 'database',
      reference: null,
      spki: null,
      created_at: 8_640_000_000_000_000,
    };
    await store.db.insertInto('private_key').values(row).execute();
    const read = await store.db.selectFrom('private_key').selectAll().executeTakeFirstOrThrow();
    expect({ ...read, sealed_pkcs8: Uint8Array.from(read.sealed_pkcs8) }).toEqual(row);
  });

  test('ok/a failed transaction leaves nothing', async () => {
    const store = await open();
    const failing = store.transaction(async (tx) => {
      await tx.insertInto('contract').values(contract).execute();
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    expect(await store.db.selectFrom('contract').selectAll().execute()).toEqual([]);
  });

  test('fail/a transaction that went on after a failure is stored, or it says that it is not', async () => {
    const store = await open();
    await store.db.insertInto('contract').values(contract).execute();
    const other = { ...contract, emaid: 'DE8AAA00000002' };
    const ended = store.transaction(async (tx) => {
      await tx.insertInto('contract').values(other).execute();
      await expect(tx.insertInto('contract').values(contract).execute()).rejects.toThrow();
    });
    const isStored = await ended.then(
      () => true,
      () => false,
    );
    const rows = await store.db.selectFrom('contract').select('emaid').where('emaid', '=', other.emaid).execute();
    expect(rows.length === 1).toBe(isStored);
  });

  test('fail/one default contract for a vehicle and an edition, and one row for an EMAID', async () => {
    const { db, isUniqueViolation } = await open();
    const other = { ...contract, emaid: 'DE8AAA00000002' };
    await db.insertInto('contract').values([contract, other]).execute();
    const ofVehicle = { pcid: contract.pcid, edition: 'ISO15118-2', emaid: contract.emaid };
    await db
      .insertInto('default_contract')
      .values([ofVehicle, { ...ofVehicle, edition: 'ISO15118-20', emaid: other.emaid }])
      .execute();
    const same = db.insertInto('contract').values(contract).execute();
    const second = { ...ofVehicle, emaid: other.emaid };
    const secondDefault = db.insertInto('default_contract').values(second).execute();
    for (const refused of [same, secondDefault]) {
      const error: unknown = await refused.catch((caught: unknown) => caught);
      expect(isUniqueViolation(error)).toBe(true);
    }
    await db.deleteFrom('contract').where('emaid', '=', contract.emaid).execute();
    expect(await db.selectFrom('default_contract').select('emaid').execute()).toEqual([{ emaid: other.emaid }]);
  });

  test('ok/processes that start together migrate once', async () => {
    const store = await open();
    const { reopen } = store;
    const others = await Promise.all([reopen(), reopen(), reopen()]);
    const counts = await Promise.all(others.map((other) => other.db.selectFrom('contract').selectAll().execute()));
    expect(counts).toEqual([[], [], []]);
    await Promise.all(others.map((other) => other.close()));
  });

  test('ok/what waits for a commit runs when others can read it, and never after a failure', async () => {
    const store = await open();
    const other = await store.reopen();
    const seen: string[] = [];
    const look = () => other.db.selectFrom('contract').select('emaid').execute();
    let looking: ReturnType<typeof look> | undefined;
    await store.transaction(async (tx) => {
      await tx.insertInto('contract').values(contract).execute();
      store.afterCommit(tx, () => {
        seen.push('committed');
        looking = look();
      });
      expect(seen).toEqual([]);
    });
    expect(seen).toEqual(['committed']);
    expect(await looking).toEqual([{ emaid: contract.emaid }]);
    const failing = store.transaction(async (tx) => {
      store.afterCommit(tx, () => seen.push('failed'));
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    store.afterCommit(store.db, () => seen.push('at once'));
    expect(seen).toEqual(['committed', 'at once']);
    await other.close();
  });
});
