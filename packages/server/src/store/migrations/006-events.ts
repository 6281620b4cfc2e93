import type { Migration } from '../migrate.ts';
import { sql } from '../query-builder.ts';

/** The outbox of events, the endpoints that hear of them, and what became of each delivery; and the log of cleansings. */
export const events: Migration = {
  name: '006-events',
  async up(tx, { text, integer, blob, counter }) {
    const schema = tx.schema;
    await schema
      .createTable('event')
      .addColumn('sequence', counter)
      .addColumn('id', text, (c) => c.notNull().unique())
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('object', text, (c) => c.notNull())
      .addColumn('edition', text)
      .addColumn('wmi', text)
      .addColumn('provider_id', text)
      .addColumn('pcid', text)
      .addColumn('emaid', text)
      .addColumn('payload', text, (c) => c.notNull())
      .addColumn('cause', text)
      .addColumn('occurred_at', integer, (c) => c.notNull())
      .addColumn('dispatched_at', integer)
      .execute();
    await schema
      .createIndex('event_undispatched')
      .on('event')
      .column('sequence')
      .where(sql<boolean>`dispatched_at is null`)
      .execute();
    await schema
      .createIndex('event_once_for_a_cause')
      .on('event')
      .columns(['cause', 'type'])
      .unique()
      .where(sql<boolean>`cause is not null`)
      .execute();

    await schema
      .createTable('webhook_endpoint')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('dialect', text, (c) => c.notNull())
      .addColumn('owner', text)
      .addColumn('url', text, (c) => c.notNull())
      .addColumn('enabled_events', text, (c) => c.notNull())
      .addColumn('wmis', text, (c) => c.notNull())
      .addColumn('provider_ids', text, (c) => c.notNull())
      .addColumn('pcids', text, (c) => c.notNull())
      .addColumn('emaids', text, (c) => c.notNull())
      .addColumn('description', text)
      .addColumn('metadata', text)
      .addColumn('api_version', text)
      .addColumn('enabled', integer, (c) => c.notNull())
      .addColumn('secret', blob, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .execute();

    await schema
      .createTable('webhook_endpoint_event')
      .addColumn('event_type', text, (c) => c.notNull())
      .addColumn('endpoint_id', text, (c) => c.notNull().references('webhook_endpoint.id').onDelete('cascade'))
      .addPrimaryKeyConstraint('webhook_endpoint_event_key', ['event_type', 'endpoint_id'])
      .execute();
    await schema
      .createIndex('webhook_endpoint_event_by_endpoint')
      .on('webhook_endpoint_event')
      .column('endpoint_id')
      .execute();

    await schema
      .createTable('webhook_delivery')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('endpoint_id', text, (c) => c.notNull().references('webhook_endpoint.id').onDelete('cascade'))
      .addColumn('event_id', text, (c) => c.notNull().references('event.id'))
      .addColumn('sequence', integer, (c) => c.notNull())
      .addColumn('object', text, (c) => c.notNull())
      .addColumn('state', text, (c) => c.notNull())
      .addColumn('attempts', integer, (c) => c.notNull())
      .addColumn('due_at', integer, (c) => c.notNull())
      .addColumn('created_at', integer, (c) => c.notNull())
      .addColumn('last_attempt_at', integer)
      .addColumn('last_status', integer)
      .addColumn('last_answer', text)
      .addUniqueConstraint('webhook_delivery_once', ['event_id', 'endpoint_id'])
      .execute();
    const pending = sql<boolean>`state = 'pending'`;
    await schema
      .createIndex('webhook_delivery_due')
      .on('webhook_delivery')
      .columns(['endpoint_id', 'due_at'])
      .where(pending)
      .execute();
    await schema
      .createIndex('webhook_delivery_in_order')
      .on('webhook_delivery')
      .columns(['endpoint_id', 'object', 'sequence'])
      .where(pending)
      .execute();
    await schema
      .createIndex('webhook_delivery_by_endpoint')
      .on('webhook_delivery')
      .columns(['endpoint_id', 'sequence'])
      .execute();

    await schema
      .createTable('cleansing')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('started_at', integer, (c) => c.notNull())
      .addColumn('finished_at', integer)
      .addColumn('started_by', text, (c) => c.notNull())
      .addColumn('summary', text)
      .execute();
  },
};
