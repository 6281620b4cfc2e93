/** The table of proposals. */
import type { Db, Store, Tx } from '../store/store.ts';
import type { ApprovalTable } from '../store/tables.ts';
import type { ApprovalState } from './approval.ts';

/** Returns false when the same is proposed already. */
export async function insertProposal(tx: Tx, row: ApprovalTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('approval')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function selectProposal(db: Db, id: string): Promise<ApprovalTable | undefined> {
  return await db.selectFrom('approval').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function selectPending(db: Db, kind: string, payloadHash: string): Promise<ApprovalTable | undefined> {
  return await db
    .selectFrom('approval')
    .selectAll()
    .where('kind', '=', kind)
    .where('payload_hash', '=', payloadHash)
    .where('state', '=', 'pending')
    .executeTakeFirst();
}

export interface ProposalFilter {
  readonly state?: ApprovalState | undefined;
  /** Those that were proposed before this one. */
  readonly before?: { readonly createdAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** The latest first. What is over is expired, whether or not somebody has written that down yet. */
export async function selectProposals(
  db: Db,
  now: number,
  { state, before, limit }: ProposalFilter,
): Promise<ApprovalTable[]> {
  let query = db.selectFrom('approval').selectAll().orderBy('proposed_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (state === 'pending') query = query.where('state', '=', 'pending').where('expires_at', '>', now);
  else if (state === 'expired') {
    query = query.where((where) =>
      where.or([
        where('state', '=', 'expired'),
        where.and([where('state', '=', 'pending'), where('expires_at', '<=', now)]),
      ]),
    );
  } else if (state !== undefined) query = query.where('state', '=', state);
  if (before !== undefined) {
    query = query.where((where) =>
      where.or([
        where('proposed_at', '<', before.createdAt),
        where.and([where('proposed_at', '=', before.createdAt), where('id', '<', before.id)]),
      ]),
    );
  }
  return await query.execute();
}

export interface Decision {
  readonly state: Exclude<ApprovalState, 'pending'>;
  readonly by: string;
  readonly at: number;
  /** The payload without what was secret in it. */
  readonly payload: string;
  readonly reason?: string | undefined;
}

/** False when somebody else has decided, or it is over: of several at once, one gets true. */
export async function decide(tx: Tx, id: string, { state, by, at, payload, reason }: Decision): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('approval')
    .set({ state, decided_by: by, decided_at: at, payload, reason: reason ?? null })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function updateOutcome(tx: Tx, id: string, outcome: string): Promise<void> {
  await tx.updateTable('approval').set({ outcome }).where('id', '=', id).execute();
}

/** Those that are over and wait for somebody to write it down. */
export async function selectOverdue(tx: Tx, now: number): Promise<ApprovalTable[]> {
  return await tx
    .selectFrom('approval')
    .selectAll()
    .where('state', '=', 'pending')
    .where('expires_at', '<=', now)
    .execute();
}

/** False when another process was first. */
export async function updateExpired(tx: Tx, id: string, payload: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('approval')
    .set({ state: 'expired', payload })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** One approval is carried out after the other: each holds the first proposal that there ever was. */
export async function waitForOthers(store: Store, tx: Tx): Promise<void> {
  const first = tx.selectFrom('approval').select('id').orderBy('proposed_at').orderBy('id').limit(1);
  await store.forUpdate(first).execute();
}
