import type { Migration } from '../migrate.ts';

/** Other ecosystems that are asked for what is unknown here, what they tell of, and whose vehicles have contracts here. */
export const peers: Migration = {
  name: '009-peers',
  async up(tx, { text, integer, blob }) {
    const schema = tx.schema;
    await schema
      .createTable('peer')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('base_url', text, (c) => c.notNull().unique())
      .addColumn('dialect', text, (c) => c.notNull())
      .addColumn('roles', text, (c) => c.notNull())
      .addColumn('priority', integer, (c) => c.notNull())
      .addColumn('enabled', integer, (c) => c.notNull())
      .addColumn('client_id', text)
      .addColumn('client_secret', blob)
      .addColumn('token_url', text)
      .addColumn('audience', text)
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();

    // Without a reference to `peer`, for peers of the configuration have no row there.
    await schema
      .createTable('peer_subscription')
      .addColumn('peer_id', text, (c) => c.primaryKey())
      .addColumn('endpoint_id', text, (c) => c.notNull())
      .addColumn('secret', blob, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();
    await schema
      .createTable('peer_event')
      .addColumn('peer_id', text, (c) => c.notNull())
      .addColumn('event_id', text, (c) => c.notNull())
      .addColumn('received_at', integer, (c) => c.notNull())
      .addPrimaryKeyConstraint('peer_event_once', ['peer_id', 'event_id'])
      .execute();
    await schema.createIndex('peer_event_by_age').on('peer_event').column('received_at').execute();

    await schema.alterTable('vehicle').addColumn('origin', text).execute();
  },
};
