/** What was told of an object, and to whom: for its history. */
import { behind, type Position } from '../listing/keyset.ts';
import { sql } from '../store/query-builder.ts';
import type { Db } from '../store/store.ts';
import type { Delivery } from './delivery/delivery.ts';
import { selectDeliveriesOf } from './delivery/delivery-queries.ts';

export interface ToldEvent {
  readonly id: string;
  /** In OPCP's spelling. */
  readonly type: string;
  readonly occurredAt: number;
  readonly emaid: string | null;
  readonly pcid: string | null;
  readonly deliveries: readonly Delivery[];
}

/** By what it is about (an EMAID, a root's id), or by the vehicle that it concerns. */
export type EventsOf = { readonly object: string } | { readonly pcid: string };

/** The latest first; `group` is what the list calls these rows. */
export async function eventsOf(
  db: Db,
  of: EventsOf,
  page: { readonly after: Position | undefined; readonly group: string; readonly most: number },
): Promise<ToldEvent[]> {
  const { after, group, most } = page;
  let query = db
    .selectFrom('event')
    .select(['id', 'type', 'occurred_at', 'emaid', 'pcid'])
    .where(behind(after, { sort: sql.ref('occurred_at'), id: sql.ref('id'), group, direction: 'desc' }))
    .orderBy('occurred_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most);
  query = 'object' in of ? query.where('object', '=', of.object) : query.where('pcid', '=', of.pcid);
  const rows = await query.execute();
  const deliveries = Map.groupBy(
    await selectDeliveriesOf(
      db,
      rows.map(({ id }) => id),
    ),
    ({ eventId }) => eventId,
  );
  return rows.map(({ occurred_at, ...row }) => ({
    ...row,
    occurredAt: occurred_at,
    deliveries: deliveries.get(row.id) ?? [],
  }));
}
