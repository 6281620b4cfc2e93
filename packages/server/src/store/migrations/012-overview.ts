import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** What the overview counts: by hour, and in all; and the order in which things expire and deliveries failed. */
export const overview: Migration = {
  name: '012-overview',
  async up(tx, { text, integer }) {
    const schema = tx.schema;
    await schema
      .createTable('count_by_hour')
      .addColumn('hour', integer, (c) => c.notNull())
      .addColumn('measure', text, (c) => c.notNull())
      .addColumn('count', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('count_by_hour_key', ['hour', 'measure'])
      .execute();
    await schema
      .createTable('count_in_all')
      .addColumn('measure', text, (c) => c.primaryKey())
      .addColumn('count', integer, (c) => c.notNull())
      .execute();
    // One statement sees one state of the database. Rows of the audit log without a place are counted when they have one.
    await sql`
      insert into count_in_all (measure, count)
      select 'audit position', coalesce(max(position), 0) from audit
      union all
      select 'vehicles', (select count(*) from vehicle) - coalesce(sum(case
        when operation = 'vehicle.publish' and before_hash is null then 1
        when operation = 'vehicle.depublish' then -1 else 0 end), 0) from audit where position is null
      union all
      select 'contracts', (select count(*) from (select distinct emaid, edition from signed_contract_data) as each_one)
        - coalesce(sum(case
        when operation = 'contract.store' and before_hash is null then 1
        when operation in ('contract.withdraw', 'contract.remove') then -1 else 0 end), 0)
        from audit where position is null`.execute(tx);
  },
  indexes: () => [
    { name: 'vehicle_by_end', table: 'vehicle', on: 'valid_to' },
    { name: 'signed_contract_data_by_end', table: 'signed_contract_data', on: 'valid_to' },
    {
      name: 'webhook_delivery_not_taken',
      table: 'webhook_delivery',
      on: 'last_attempt_at',
      where: "state in ('failed', 'rejected')",
    },
  ],
};
