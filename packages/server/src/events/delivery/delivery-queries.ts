import { timeOrderedId } from '../../kernel/time-ordered-id.ts';
import { sql } from '../../store/query-builder.ts';
import type { Db, Store, Tx } from '../../store/store.ts';
import { type Delivery, type DeliveryState, deliveryStates } from './delivery.ts';

export interface NewDelivery {
  readonly endpointId: string;
  readonly eventId: string;
  readonly sequence: number;
  readonly object: string;
}

export async function insertDelivery(tx: Tx, delivery: NewDelivery, now: number): Promise<void> {
  await insertDeliveries(tx, [delivery], now);
}

/** PostgreSQL takes 65,535 parameters in a statement, SQLite 32,766. */
const ROWS_AT_ONCE = 500;

export async function insertDeliveries(tx: Tx, deliveries: readonly NewDelivery[], now: number): Promise<void> {
  for (let start = 0; start < deliveries.length; start += ROWS_AT_ONCE) {
    const rows = deliveries.slice(start, start + ROWS_AT_ONCE).map(({ endpointId, eventId, sequence, object }) => ({
      id: timeOrderedId(now),
      endpoint_id: endpointId,
      event_id: eventId,
      sequence,
      object,
      state: 'pending',
      attempts: 0,
      due_at: now,
      created_at: now,
    }));
    await tx.insertInto('webhook_delivery').values(rows).execute();
  }
}

/** Enabled endpoints for which something may be sent now, with the parties they belong to. */
export async function selectEndpointsWithDue(db: Db, now: number): Promise<{ id: string; owner: string | null }[]> {
  return await db
    .selectFrom('webhook_endpoint as endpoint')
    .select(['endpoint.id', 'endpoint.owner'])
    .where('endpoint.enabled', '=', 1)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('webhook_delivery as delivery')
          .select('delivery.id')
          .whereRef('delivery.endpoint_id', '=', 'endpoint.id')
          .where('delivery.state', '=', 'pending')
          .where('delivery.due_at', '<=', now),
      ),
    )
    .execute();
}

/** A delivery that nobody else sends until the lease ends. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly attempts: number;
  /** Epoch milliseconds; stands in the row as long as the claim holds. */
  readonly lease: number;
}

/**
 * Takes deliveries of an endpoint that are due, the longest waiting first, and of each object the first one only: the
 * next is sent when that one is settled.
 */
export async function claimDeliveries(
  store: Store,
  claim: { readonly endpointId: string; readonly most: number; readonly now: number; readonly lease: number },
): Promise<ClaimedDelivery[]> {
  const { endpointId, most, now, lease } = claim;
  return await store.transaction(async (tx) => {
    const query = tx
      .selectFrom('webhook_delivery as delivery')
      .select(['delivery.id', 'delivery.event_id', 'delivery.attempts'])
      .where('delivery.endpoint_id', '=', endpointId)
      .where('delivery.state', '=', 'pending')
      .where('delivery.due_at', '<=', now)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('webhook_delivery as earlier')
              .select('earlier.id')
              .where('earlier.endpoint_id', '=', endpointId)
              .whereRef('earlier.object', '=', 'delivery.object')
              .whereRef('earlier.sequence', '<', 'delivery.sequence')
              .where('earlier.state', '=', 'pending'),
          ),
        ),
      )
      .orderBy('delivery.due_at')
      .orderBy('delivery.sequence')
      .limit(most);
    const rows = await store.forUpdateSkippingLocked(query).execute();
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    await tx.updateTable('webhook_delivery').set({ due_at: lease }).where('id', 'in', ids).execute();
    return rows.map(({ id, event_id, attempts }) => ({ id, endpointId, eventId: event_id, attempts, lease }));
  });
}

/** What waits for an enabled endpoint; `oldest` is when the longest waiting delivery was made, in epoch milliseconds. */
export async function selectBacklog(db: Db): Promise<{ count: number; oldest: number | undefined }> {
  const { count, oldest } = await db
    .selectFrom('webhook_delivery as delivery')
    .innerJoin('webhook_endpoint as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('delivery.created_at').as('oldest')])
    .where('delivery.state', '=', 'pending')
    .where('endpoint.enabled', '=', 1)
    .executeTakeFirstOrThrow();
  return { count: Number(count), oldest: oldest ?? undefined };
}

export interface Settlement {
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: number;
  readonly at: number;
  readonly status?: number;
  readonly answer: string;
}

/** False, and nothing written, when the claim has run out and somebody else has the delivery. */
export async function settleDelivery(tx: Tx, { id, lease }: ClaimedDelivery, settlement: Settlement): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhook_delivery')
    .set({
      state: settlement.state,
      attempts: settlement.attempts,
      due_at: settlement.dueAt,
      last_attempt_at: settlement.at,
      last_status: settlement.status ?? null,
      last_answer: settlement.answer,
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('due_at', '=', lease)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Gives claims back, as if they had not been made. */
export async function releaseDeliveries(db: Db, claims: readonly ClaimedDelivery[], now: number): Promise<void> {
  for (const { id, lease } of claims) {
    await db
      .updateTable('webhook_delivery')
      .set({ due_at: now })
      .where('id', '=', id)
      .where('state', '=', 'pending')
      .where('due_at', '=', lease)
      .execute();
  }
}

/** The event of a delivery with all that is sent of it. */
export async function selectEvent(db: Db, id: string) {
  return await db
    .selectFrom('event')
    .select(['id', 'type', 'object', 'edition', 'pcid', 'emaid', 'payload', 'occurred_at'])
    .where('id', '=', id)
    .executeTakeFirst();
}

export interface QueueState {
  /** Deliveries that are to be sent, of enabled endpoints. */
  readonly waiting: number;
  /** When the first of them may be sent, or might have been. */
  readonly firstDueAt: number | undefined;
  /** Refused by the endpoint, or given up, since then. */
  readonly notTaken: number;
  readonly endpoints: number;
  readonly disabledEndpoints: number;
}

/** The two counts of deliveries go no further than `most`. */
export async function selectQueueState(db: Db, notTakenSince: number, most: number): Promise<QueueState> {
  const { rows } = await sql<Record<string, number | null>>`
    select
      (select count(*) from (
        select 1 from webhook_delivery as delivery
        where delivery.state = 'pending'
          and delivery.endpoint_id in (select id from webhook_endpoint where enabled = 1)
        limit ${most}) as waiting) as waiting,
      (select min(first_due) from (
        select (select min(due_at) from webhook_delivery as delivery
          where delivery.endpoint_id = endpoint.id and delivery.state = 'pending') as first_due
        from webhook_endpoint as endpoint where endpoint.enabled = 1) as due) as first_due_at,
      (select count(*) from (
        select 1 from webhook_delivery
        where state in ('failed', 'rejected') and last_attempt_at >= ${notTakenSince}
        limit ${most}) as not_taken) as not_taken,
      (select count(*) from webhook_endpoint) as endpoints,
      (select count(*) from webhook_endpoint where enabled = 0) as disabled_endpoints`.execute(db);
  const [row] = rows;
  return {
    waiting: Number(row?.['waiting'] ?? 0),
    firstDueAt: row?.['first_due_at'] ?? undefined,
    notTaken: Number(row?.['not_taken'] ?? 0),
    endpoints: Number(row?.['endpoints'] ?? 0),
    disabledEndpoints: Number(row?.['disabled_endpoints'] ?? 0),
  };
}

export interface DeliveryFilter {
  readonly id?: string;
  readonly endpointId?: string;
  readonly eventId?: string;
  readonly state?: DeliveryState;
  readonly limit: number;
}

/** Of some events; to each there are as many as endpoints heard of it. */
export async function selectDeliveriesOf(db: Db, eventIds: readonly string[]): Promise<Delivery[]> {
  if (eventIds.length === 0) return [];
  const query = deliveryRows(db).where('delivery.event_id', 'in', eventIds).orderBy('delivery.created_at');
  return (await query.orderBy('delivery.id').execute()).map(deliveryOf);
}

/** The latest events first. */
export async function selectDeliveries(db: Db, filter: DeliveryFilter): Promise<Delivery[]> {
  let query = deliveryRows(db).orderBy('delivery.sequence', 'desc').orderBy('delivery.id').limit(filter.limit);
  if (filter.id !== undefined) query = query.where('delivery.id', '=', filter.id);
  if (filter.endpointId !== undefined) query = query.where('delivery.endpoint_id', '=', filter.endpointId);
  if (filter.eventId !== undefined) query = query.where('delivery.event_id', '=', filter.eventId);
  if (filter.state !== undefined) query = query.where('delivery.state', '=', filter.state);
  return (await query.execute()).map(deliveryOf);
}

function deliveryRows(db: Db) {
  return db
    .selectFrom('webhook_delivery as delivery')
    .innerJoin('event', 'event.id', 'delivery.event_id')
    .innerJoin('webhook_endpoint as endpoint', 'endpoint.id', 'delivery.endpoint_id')
    .select([
      'delivery.id',
      'delivery.endpoint_id',
      'delivery.event_id',
      'event.type',
      'endpoint.url',
      'delivery.state',
      'delivery.attempts',
      'delivery.due_at',
      'delivery.created_at',
      'delivery.last_attempt_at',
      'delivery.last_status',
      'delivery.last_answer',
    ]);
}

type DeliveryRow = Awaited<ReturnType<ReturnType<typeof deliveryRows>['execute']>>[number];

function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.type,
    url: row.url,
    state: deliveryStates.find((state) => state === row.state) ?? 'failed',
    attempts: row.attempts,
    ...(row.state === 'pending' && { nextAttemptAt: row.due_at }),
    createdAt: row.created_at,
    ...(row.last_attempt_at !== null && { lastAttemptAt: row.last_attempt_at }),
    ...(row.last_status !== null && { lastStatus: row.last_status }),
    ...(row.last_answer !== null && { lastAnswer: row.last_answer }),
  };
}

export type DeliveriesToReplay =
  | { readonly id: string }
  | { readonly endpointId: string; readonly state: DeliveryState };

/** Makes settled deliveries pending again, with all their attempts before them; what their events were about. */
export async function replayDeliveries(db: Db, key: DeliveriesToReplay, now: number): Promise<string[]> {
  let query = db
    .updateTable('webhook_delivery')
    .set({ state: 'pending', attempts: 0, due_at: now })
    .where('state', '<>', 'pending')
    .returning('object');
  query =
    'id' in key
      ? query.where('id', '=', key.id)
      : query.where('endpoint_id', '=', key.endpointId).where('state', '=', key.state);
  return (await query.execute()).map(({ object }) => object);
}

/** Removes what is older and settled everywhere; how many events there were. */
export async function deleteSettledEvents(tx: Tx, before: number, limit: number): Promise<number> {
  const rows = await tx
    .selectFrom('event')
    .select('event.id')
    .where('event.occurred_at', '<', before)
    .where('event.dispatched_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('webhook_delivery')
            .select(sql.lit(1).as('one'))
            .whereRef('webhook_delivery.event_id', '=', 'event.id')
            .where('webhook_delivery.state', '=', 'pending'),
        ),
      ),
    )
    .orderBy('event.sequence')
    .limit(limit)
    .execute();
  const ids = rows.map(({ id }) => id);
  if (ids.length === 0) return 0;
  await tx.deleteFrom('webhook_delivery').where('event_id', 'in', ids).execute();
  const { numDeletedRows } = await tx.deleteFrom('event').where('id', 'in', ids).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
