/** Data that an older version left, and what becomes of it. */
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { eachDatabase } from '../../test/stores.ts';
import { migrate, migrations } from './migrate.ts';
import { openDatabase } from './store.ts';

describe.each(eachDatabase())('migrations on $kind', ({ create }) => {
  test('ok/the default of a vehicle becomes the default of each edition that it has data of', async () => {
    const database = await create();
    const store = await openDatabase(database.location, (error) => {
      throw error;
    });
    await migrate(store, migrations.slice(0, 3));
    const contract = (emaid: string, pcid: string, isDefault: number) =>
      sql`insert into contract (emaid, pcid, shown_pcid, provider_id, is_default, created_at)
        values (${emaid}, ${pcid}, ${pcid}, 'DE8AA', ${isDefault}, 1)`.execute(store.db);
    const data = (emaid: string, edition: string, cpsRoot: string) =>
      sql`insert into signed_contract_data (id, emaid, edition, cps_root_fingerprint, cps_root_name, cps_root_serial,
          shown_emaid, contract_certificate, contract_fingerprint, valid_from, valid_to, installation_res, stored_at)
        values (${emaid + edition + cpsRoot}, ${emaid}, ${edition}, ${cpsRoot}, 'CN=V2G', '01', ${emaid},
          ${Buffer.of(1)}, 'aa', 1, 2, ${Buffer.of(1)}, 1)`.execute(store.db);
    await contract('DE8AAA00000001', 'WMI12345678901234', 1);
    await contract('DE8AAA00000002', 'WMI12345678901234', 0);
    await contract('DE8AAA00000003', 'WMI99999999999999', 1);
    await data('DE8AAA00000001', 'ISO15118-2', 'one');
    await data('DE8AAA00000001', 'ISO15118-2', 'other');
    await data('DE8AAA00000001', 'ISO15118-20', 'one');
    await data('DE8AAA00000002', 'ISO15118-2', 'one');

    expect(await migrate(store)).toEqual(migrations.slice(3).map(({ name }) => name));

    const defaults = await store.db.selectFrom('default_contract').selectAll().orderBy('edition').execute();
    expect(defaults.map((row) => ({ ...row }))).toEqual([
      { pcid: 'WMI12345678901234', edition: 'ISO15118-2', emaid: 'DE8AAA00000001' },
      { pcid: 'WMI12345678901234', edition: 'ISO15118-20', emaid: 'DE8AAA00000001' },
    ]);
    expect(await store.db.selectFrom('contract').selectAll().execute()).toHaveLength(3);
    expect(await migrate(store)).toEqual([]);
    await store.close();
    await database.drop();
  });
});
