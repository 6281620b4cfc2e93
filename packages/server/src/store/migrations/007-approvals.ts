import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** What an operator proposed and another one has to approve. */
export const approvals: Migration = {
  name: '007-approvals',
  async up(tx, { text, integer }) {
    await tx.schema
      .createTable('approval')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('kind', text, (c) => c.notNull())
      .addColumn('object', text, (c) => c.notNull())
      .addColumn('payload', text, (c) => c.notNull())
      .addColumn('payload_hash', text, (c) => c.notNull())
      .addColumn('ground_hash', text, (c) => c.notNull())
      .addColumn('state', text, (c) => c.notNull())
      .addColumn('proposed_by', text, (c) => c.notNull())
      .addColumn('proposed_at', integer, (c) => c.notNull())
      .addColumn('expires_at', integer, (c) => c.notNull())
      .addColumn('decided_by', text)
      .addColumn('decided_at', integer)
      .addColumn('reason', text)
      .addColumn('outcome', text)
      .execute();
    await tx.schema
      .createIndex('approval_pending_once')
      .on('approval')
      .columns(['kind', 'payload_hash'])
      .unique()
      .where(sql<boolean>`state = 'pending'`)
      .execute();
    await tx.schema.createIndex('approval_in_order').on('approval').columns(['proposed_at', 'id']).execute();
  },
};
