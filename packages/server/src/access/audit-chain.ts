/**
 * The chain over the audit log: each row's hash covers the row and the hash before it, so a row that was changed, put in
 * or taken out shows. Places are given after the fact, by whoever comes first: a chain that every transaction had to
 * extend would let one write at a time.
 */
import { hash } from 'node:crypto';
import { filledUp } from '../store/filled-up.ts';
import { knownStatement } from '../store/known-statement.ts';
import { sql } from '../store/query-builder.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { AuditTable } from '../store/tables.ts';

export interface ChainVerdict {
  readonly rows: number;
  /** Rows that have no place yet; those of the last moments. */
  readonly notChained: number;
  /** The last hash: kept elsewhere, it shows when the end of the chain was cut off. */
  readonly head: string | undefined;
  /** The first place at which the chain does not hold. */
  readonly brokenAt?: number;
}

const AT_ONCE = 500;

/**
 * Gives the rows that have no place one. Returns how many; 0 too when another process is at it.
 * @param most to end with, or a little later; all where it is left out
 */
export async function extendChain(store: Store, most = Number.POSITIVE_INFINITY): Promise<number> {
  let count = 0;
  for (;;) {
    const added = await extendOnce(store).catch((error: unknown) => {
      if (store.isUniqueViolation(error)) return 0;
      throw error;
    });
    count += added;
    if (added < AT_ONCE || count >= most) return count;
  }
}

async function extendOnce(store: Store): Promise<number> {
  const isWaiting = await store.db
    .selectFrom('audit')
    .select('id')
    .where('position', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (isWaiting === undefined) return 0;
  return await store.transaction(async (tx) => {
    const last = await store
      .forUpdate(
        tx
          .selectFrom('audit')
          .select(['position', 'chain_hash'])
          .where('position', 'is not', null)
          .orderBy('position', 'desc')
          .limit(1),
      )
      .executeTakeFirst();
    const rows = await tx
      .selectFrom('audit')
      .selectAll()
      .where('position', 'is', null)
      .orderBy('at')
      .orderBy('id')
      .limit(AT_ONCE)
      .execute();
    let [position, hash] = [last?.position ?? 0, last?.chain_hash ?? ''];
    const places = rows.map((row) => {
      position += 1;
      hash = chainHash(row, position, hash);
      return { id: row.id, position, hash };
    });
    if (places.length > 0) await givePlaces(tx, places);
    return rows.length;
  });
}

/** In one statement: one for each row would cost more than the rest of what an installation asks of the database. */
async function givePlaces(
  tx: Tx,
  places: readonly { readonly id: string; readonly position: number; readonly hash: string }[],
): Promise<void> {
  const filled = filledUp(places);
  const parameters = filled.flatMap(({ id, position, hash }) => [id, position, hash]);
  const statement = knownStatement(tx, `places ${filled.length}`, parameters, () => {
    // The casts tell PostgreSQL the types of a list that stands in no table.
    const rows = filled.map(
      ({ id, position, hash }) => sql`(cast(${id} as text), cast(${position} as bigint), cast(${hash} as text))`,
    );
    return sql`
      with place (id, position, hash) as (values ${sql.join(rows)})
      update audit set position = place.position, chain_hash = place.hash from place where audit.id = place.id`;
  });
  await tx.executeQuery(statement);
}

/** The rows that have no place yet; `oldest` is the time of the first of them, in epoch milliseconds. */
export async function waitingForChain(db: Db): Promise<{ count: number; oldest: number | undefined }> {
  const { count, oldest } = await db
    .selectFrom('audit')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min('at').as('oldest')])
    .where('position', 'is', null)
    .executeTakeFirstOrThrow();
  return { count: Number(count), oldest: oldest ?? undefined };
}

/** Removes the rows before that time, from the beginning of the chain on; its last row stays, for the next to hang on. How many. */
export async function removeAuditBefore({ db }: Pick<Store, 'db'>, at: number): Promise<number> {
  const kept = db.selectFrom('audit').where('at', '>=', at);
  const { first } = await kept.select((select) => select.fn.min('position').as('first')).executeTakeFirstOrThrow();
  const { last } = await db
    .selectFrom('audit')
    .select((select) => select.fn.max('position').as('last'))
    .executeTakeFirstOrThrow();
  const { numDeletedRows } = await db
    .deleteFrom('audit')
    .where('position', '<', Number(first ?? last ?? 0))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** From the first row that is kept: the hash of that one is taken as it is when the log before it was removed. */
export async function verifyChain(db: Db): Promise<ChainVerdict> {
  const { count: notChained } = await db
    .selectFrom('audit')
    .select((count) => count.fn.countAll<number>().as('count'))
    .where('position', 'is', null)
    .executeTakeFirstOrThrow();
  let [rows, position, head]: [number, number | undefined, string | undefined] = [0, undefined, undefined];
  for (;;) {
    const page = await db
      .selectFrom('audit')
      .selectAll()
      .where('position', '>', position ?? 0)
      .orderBy('position')
      .limit(AT_ONCE)
      .execute();
    for (const row of page) {
      const place: number = (position ?? (row.position ?? 1) - 1) + 1;
      const isAnchor = position === undefined && place > 1;
      const holds = isAnchor || row.chain_hash === chainHash(row, place, head ?? '');
      if (row.position !== place || !holds) return { rows, notChained: Number(notChained), head, brokenAt: place };
      [position, head] = [place, row.chain_hash ?? ''];
      rows += 1;
    }
    if (page.length < AT_ONCE) return { rows, notChained: Number(notChained), head };
  }
}

function chainHash(row: AuditTable, position: number, before: string): string {
  const { id, at, actor, client_id, operation, object, before_hash, after_hash, trace_id } = row;
  const content = [before, position, id, at, actor, client_id, operation, object, before_hash, after_hash, trace_id];
  return hash('sha256', JSON.stringify(content), 'hex');
}
