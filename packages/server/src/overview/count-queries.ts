import { sql } from '../store/query-builder.ts';
import type { Db, Store, Tx } from '../store/store.ts';

export const positionMeasure = 'audit position';

export interface HourlyCount {
  /** Beginning of the hour, epoch milliseconds. */
  readonly hour: number;
  readonly measure: string;
  readonly count: number;
}

/** Up to which place the audit log is counted, held until the end of the transaction. */
export async function lockPosition(store: Store, tx: Tx): Promise<number> {
  const query = tx.selectFrom('count_in_all').select('count').where('measure', '=', positionMeasure);
  return (await store.forUpdate(query).executeTakeFirst())?.count ?? 0;
}

export async function selectInAll(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('count_in_all').select(['measure', 'count']).execute();
  return new Map(rows.map(({ measure, count }) => [measure, count]));
}

export async function addInAll(tx: Tx, measure: string, count: number): Promise<void> {
  await tx
    .insertInto('count_in_all')
    .values({ measure, count })
    .onConflict((conflict) => conflict.column('measure').doUpdateSet({ count: sql`count_in_all.count + ${count}` }))
    .execute();
}

/** In one order of rows, so that two who add do not wait for each other. */
export async function addByHour(tx: Tx, counts: readonly HourlyCount[]): Promise<void> {
  const ordered = counts.toSorted((a, b) => a.hour - b.hour || (a.measure < b.measure ? -1 : 1));
  for (const { hour, measure, count } of ordered) {
    await tx
      .insertInto('count_by_hour')
      .values({ hour, measure, count })
      .onConflict((conflict) =>
        conflict.columns(['hour', 'measure']).doUpdateSet({ count: sql`count_by_hour.count + ${count}` }),
      )
      .execute();
  }
}

export async function selectByHour(db: Db, since: number): Promise<HourlyCount[]> {
  return await db
    .selectFrom('count_by_hour')
    .select(['hour', 'measure', 'count'])
    .where('hour', '>=', since)
    .orderBy('hour')
    .orderBy('measure')
    .execute();
}

export async function deleteByHourBefore(db: Db, hour: number): Promise<void> {
  await db.deleteFrom('count_by_hour').where('hour', '<', hour).execute();
}
