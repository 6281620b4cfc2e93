import type { Migration } from '../migrate.ts';

/** People who operate the ecosystem through the console: their accounts here, and the sessions of all of them. */
export const operatorAccounts: Migration = {
  name: '008-operator-accounts',
  async up(tx, { text, integer, blob }) {
    const schema = tx.schema;
    await schema
      .createTable('operator_account')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull().unique())
      .addColumn('password', text)
      .addColumn('totp_secret', blob)
      .addColumn('totp_step', integer)
      .addColumn('enrolment_hash', text, (c) => c.unique())
      .addColumn('enrolment_expires_at', integer)
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('enrolled_at', integer)
      .addColumn('disabled_at', integer)
      .execute();

    await schema
      .createTable('operator_session')
      .addColumn('id_hash', text, (c) => c.primaryKey())
      .addColumn('operator', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('started_at', integer, (c) => c.notNull())
      .addColumn('used_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer, (c) => c.notNull())
      .execute();
    await schema.createIndex('operator_session_by_operator').on('operator_session').column('operator').execute();
  },
};
