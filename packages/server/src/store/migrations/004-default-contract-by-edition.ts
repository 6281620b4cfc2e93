import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** A vehicle may have contracts of both editions, and then has a default for each. */
export const defaultContractByEdition: Migration = {
  name: '004-default-contract-by-edition',
  async up(tx, { text }) {
    const schema = tx.schema;
    await schema
      .createTable('default_contract')
      .addColumn('pcid', text, (c) => c.notNull())
      .addColumn('edition', text, (c) => c.notNull())
      .addColumn('emaid', text, (c) => c.notNull().references('contract.emaid').onDelete('cascade'))
      .addPrimaryKeyConstraint('default_contract_one', ['pcid', 'edition'])
      .execute();
    await schema.createIndex('default_contract_by_emaid').on('default_contract').column('emaid').execute();
    await sql`insert into default_contract (pcid, edition, emaid)
      select distinct contract.pcid, data.edition, contract.emaid
      from contract inner join signed_contract_data as data on data.emaid = contract.emaid
      where contract.is_default = 1`.execute(tx);
    await schema.dropIndex('contract_one_default').execute();
    await schema.alterTable('contract').dropColumn('is_default').execute();
  },
};
