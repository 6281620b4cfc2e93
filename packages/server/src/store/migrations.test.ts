/** Data that an older version left, and what becomes of it. */

import { describe, expect, test } from 'vitest';
import { eachDatabase } from '../../test/stores.ts';
import { extendChain } from '../access/audit-chain.ts';
import { counting } from '../overview/counts.ts';
import { migrate, migrations } from './migrate.ts';
import { overview } from './migrations/012-overview.ts';
import { sql } from './query-builder.ts';
import { openDatabase } from './store.ts';

describe.each(eachDatabase())('migrations on $kind', ({ create }) => {
  test('ok/the default of a vehicle becomes the default of each edition that it has data of', async () => {
    const database = await create();
    const store = await openDatabase(database.location, (error) => {
      throw error;
    });
    await migrate(store, { wanted: migrations.slice(0, 3) });
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

  test('ok/what is in the pools is counted, and what is not in the chain of the audit log yet is counted once', async () => {
    const database = await create();
    const store = await openDatabase(database.location, (error) => {
      throw error;
    });
    await migrate(store, { wanted: migrations.slice(0, migrations.indexOf(overview)) });
    const vehicle = (pcid: string) =>
      sql`insert into vehicle (pcid, shown_pcid, edition, wmi, certificate, sub_ca1, fingerprint, root_fingerprint,
          v2g_root_key_identifiers, valid_to, published_at)
        values (${pcid}, ${pcid}, 'ISO15118-2', 'WMI', ${Buffer.of(1)}, ${Buffer.of(1)}, 'aa', 'bb', '[]', 1, 1)`.execute(
        store.db,
      );
    const done = (object: string, operation: string, position: number | null) =>
      sql`insert into audit (id, at, actor, operation, object, position)
        values (${object + operation}, 1, 'sandbox', ${operation}, ${object}, ${position})`.execute(store.db);
    for (const pcid of ['WMI12345678901234', 'WMI99999999999999']) await vehicle(pcid);
    await done('WMI12345678901234', 'vehicle.publish', 1);
    await done('WMI99999999999999', 'vehicle.publish', null);
    await done('WMI55555555555555', 'vehicle.depublish', null);

    await migrate(store);
    const counts = counting({ store, clock: { now: () => 1 } });
    const there = async () => {
      await counts.update();
      return (await counts.read(0)).vehicles;
    };
    expect(await there()).toBe(2);
    await extendChain(store);
    expect(await there()).toBe(2);
    await store.close();
    await database.drop();
  });
});
