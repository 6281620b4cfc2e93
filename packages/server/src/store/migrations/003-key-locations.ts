import type { Migration } from '../migrate.ts';

/**
 * Where a private key is. A key in a token has no sealed octets: the column holds none, as SQLite cannot take `not null`
 * back. Re-enrolment looks certificates up by common name.
 */
export const keyLocations: Migration = {
  name: '003-key-locations',
  async up(tx, { text, blob }) {
    const schema = tx.schema;
    await schema
      .alterTable('private_key')
      .addColumn('location', text, (c) => c.notNull().defaultTo('database'))
      .execute();
    await schema.alterTable('private_key').addColumn('reference', text).execute();
    await schema.alterTable('private_key').addColumn('spki', blob).execute();
  },
  indexes: () => [{ name: 'issued_certificate_by_name', table: 'issued_certificate', on: 'common_name' }],
};
