import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** Who may do what: parties, their clients and secrets, the keys of access tokens, and the audit log. */
export const access: Migration = {
  name: '005-access',
  async up(tx, { text, integer, blob }) {
    const schema = tx.schema;
    await schema
      .createTable('party')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('roles', text, (c) => c.notNull())
      .addColumn('pki', text, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('disabled_at', integer)
      .execute();

    await schema
      .createTable('party_identifier')
      .addColumn('party_id', text, (c) => c.notNull().references('party.id').onDelete('cascade'))
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('value', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('party_identifier_once', ['party_id', 'kind', 'value'])
      .execute();

    await schema
      .createTable('client')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('party_id', text, (c) => c.notNull().references('party.id').onDelete('cascade'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('disabled_at', integer)
      .execute();
    await schema.createIndex('client_by_party').on('client').column('party_id').execute();

    await schema
      .createTable('client_secret')
      .addColumn('hash', blob, (c) => c.primaryKey())
      .addColumn('client_id', text, (c) => c.notNull().references('client.id').onDelete('cascade'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer)
      .execute();
    await schema.createIndex('client_secret_by_client').on('client_secret').column('client_id').execute();

    await schema
      .createTable('token_key')
      .addColumn('kid', text, (c) => c.primaryKey())
      .addColumn('private_key_id', text, (c) => c.notNull().references('private_key.id'))
      .addColumn('spki', blob, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();

    await schema
      .createTable('audit')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('at', integer, (c) => c.notNull())
      .addColumn('actor', text, (c) => c.notNull())
      .addColumn('client_id', text)
      .addColumn('operation', text, (c) => c.notNull())
      .addColumn('object', text, (c) => c.notNull())
      .addColumn('before_hash', text)
      .addColumn('after_hash', text)
      .addColumn('trace_id', text)
      .addColumn('position', integer, (c) => c.unique())
      .addColumn('chain_hash', text)
      .execute();
    await schema
      .createIndex('audit_not_chained')
      .on('audit')
      .columns(['at', 'id'])
      .where(sql<boolean>`position is null`)
      .execute();
    await schema.createIndex('audit_by_time').on('audit').columns(['at', 'id']).execute();
  },
};
