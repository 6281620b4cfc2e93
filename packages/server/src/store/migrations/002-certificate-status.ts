import type { Migration } from '../migrate.ts';

/** What tells the status of certificates: OCSP responders, CRLs, and a way to count what an authority has revoked. */
export const certificateStatus: Migration = {
  name: '002-certificate-status',
  async up(tx, { text, integer, blob }) {
    const schema = tx.schema;
    await schema
      .createTable('ocsp_responder')
      .addColumn('authority_name', text, (c) => c.notNull().references('authority.name'))
      .addColumn('generation', integer, (c) => c.notNull())
      .addColumn('certificate', blob, (c) => c.notNull())
      .addColumn('private_key_id', text, (c) => c.notNull().references('private_key.id'))
      .addColumn('created_at', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('ocsp_responder_key', ['authority_name', 'generation'])
      .execute();

    await schema
      .createTable('crl')
      .addColumn('authority_name', text, (c) => c.primaryKey().references('authority.name'))
      .addColumn('number', integer, (c) => c.notNull())
      .addColumn('crl', blob, (c) => c.notNull())
      .addColumn('this_update', integer, (c) => c.notNull())
      .addColumn('next_update', integer, (c) => c.notNull())
      .addColumn('revocations', integer, (c) => c.notNull())
      .execute();
  },
  indexes: () => [
    {
      name: 'issued_certificate_revoked',
      table: 'issued_certificate',
      on: 'authority_name',
      where: 'revoked_at is not null',
    },
  ],
};
