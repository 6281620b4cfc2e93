import type { Selectable } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { PeerSubscriptionTable } from '../store/tables.ts';

export type SubscriptionRow = Selectable<PeerSubscriptionTable>;

export async function selectSubscription(db: Db, peerId: string): Promise<SubscriptionRow | undefined> {
  return await db
    .selectFrom('peer_subscription')
    .select(['peer_id', 'endpoint_id', 'secret', 'created_at'])
    .where('peer_id', '=', peerId)
    .executeTakeFirst();
}

export async function upsertSubscription(tx: Tx, row: SubscriptionRow): Promise<void> {
  await tx
    .insertInto('peer_subscription')
    .values(row)
    .onConflict((conflict) => conflict.column('peer_id').doUpdateSet(row))
    .execute();
}

export async function deleteSubscription(tx: Tx, peerId: string): Promise<void> {
  await tx.deleteFrom('peer_subscription').where('peer_id', '=', peerId).execute();
}

export async function isUsed(db: Db, peerId: string, eventId: string): Promise<boolean> {
  const row = await db
    .selectFrom('peer_event')
    .select('event_id')
    .where('peer_id', '=', peerId)
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Remembers that an event was used, and forgets those before `since`. */
export async function insertUsed(
  tx: Tx,
  { peerId, eventId, at, since }: { peerId: string; eventId: string; at: number; since: number },
): Promise<void> {
  await tx.deleteFrom('peer_event').where('received_at', '<', since).execute();
  await tx
    .insertInto('peer_event')
    .values({ peer_id: peerId, event_id: eventId, received_at: at })
    .onConflict((conflict) => conflict.columns(['peer_id', 'event_id']).doNothing())
    .execute();
}
