import type { CompiledQuery } from 'kysely';
import { knownStatement } from '../store/known-statement.ts';
import { sql } from '../store/query-builder.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import { type EventType, eventTypes, type NewEvent, providerAndWmi } from './event.ts';
import type { HeardEvent } from './hearing.ts';

interface EventMarks {
  /** UUID. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
  /** The event whose delivery this one tells of; another of the same type and cause is not written. */
  readonly cause?: string;
}

/** Those of the types that an endpoint has enabled. */
export async function selectEnabledTypes(db: Db, types: readonly EventType[]): Promise<ReadonlySet<string>> {
  const { rows } = await db.executeQuery(enabledTypesSelect(db, types));
  return new Set(rows.map(({ type }) => type));
}

/** The statement of `selectEnabledTypes`. */
export function enabledTypesSelect(db: Db, types: readonly EventType[]): CompiledQuery<{ readonly type: string }> {
  const asked = [...new Set(types)];
  return knownStatement(db, `enabled types ${asked.length}`, asked, () => {
    const values = asked.map((type) => sql`(cast(${type} as text))`);
    return sql<{ readonly type: string }>`
      with asked (type) as (values ${sql.join(values)})
      select type from asked where exists (select 1 from webhook_endpoint_event where event_type = asked.type)`;
  });
}

/** Writes the events down, in their order. */
export async function insertEvents(db: Db, events: readonly (NewEvent & EventMarks)[]): Promise<void> {
  await db
    .insertInto('event')
    .values(
      events.map(({ id, type, object, edition = null, contract, payload, cause = null, occurredAt }) => {
        const { wmi, providerId } = contract === undefined ? { wmi: null, providerId: null } : providerAndWmi(contract);
        return {
          ...{ id, type, object, edition, wmi, provider_id: providerId },
          ...{ pcid: contract?.pcid ?? null, emaid: contract?.emaid ?? null },
          ...{ payload: JSON.stringify(payload), cause, occurred_at: occurredAt },
        };
      }),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Writes down an event whose one delivery the caller makes; its sequence. */
export async function insertTestEvent(tx: Tx, id: string, endpointId: string, now: number): Promise<number> {
  const { sequence } = await tx
    .insertInto('event')
    .values({ id, type: 'webhook.test', object: endpointId, payload: '{}', occurred_at: now, dispatched_at: now })
    .returning('sequence')
    .executeTakeFirstOrThrow();
  return sequence;
}

export interface UndispatchedEvent extends HeardEvent {
  readonly id: string;
  readonly sequence: number;
  readonly object: string;
}

export async function hasUndispatched(db: Db): Promise<boolean> {
  const query = db.selectFrom('event').select('sequence').where('dispatched_at', 'is', null).limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

/**
 * The oldest events that have no deliveries yet, held until the end of the transaction. Whoever asks at the same time
 * waits, so that deliveries are made in the order of the events.
 */
export async function selectUndispatched(store: Store, tx: Tx, limit: number): Promise<UndispatchedEvent[]> {
  const query = tx
    .selectFrom('event')
    .select(['sequence', 'id', 'type', 'object', 'wmi', 'provider_id', 'pcid', 'emaid'])
    .where('dispatched_at', 'is', null)
    .orderBy('sequence')
    .limit(limit);
  const rows = await store.forUpdate(query).execute();
  return rows.map(({ type, provider_id, ...row }) => ({ ...row, type: typeOfRow(type), providerId: provider_id }));
}

export async function markDispatched(tx: Tx, sequences: readonly number[], now: number): Promise<void> {
  await tx.updateTable('event').set({ dispatched_at: now }).where('sequence', 'in', sequences).execute();
}

/** A type that a newer version wrote is none that this one can tell of; no endpoint hears of it. */
export function typeOfRow(type: string): EventType {
  return eventTypes.find((each) => each === type) ?? 'webhook.test';
}
