/** The audit log in the order of its chain: rows have places without gaps, which all replicas see in that order. */
import { sql } from '../store/query-builder.ts';
import type { Db } from '../store/store.ts';

export interface AuditedEvent {
  /** From 1 without gaps. */
  readonly position: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
  readonly operation: string;
  readonly object: string;
  /** Whether something was there before that this one changed or removed. */
  readonly hadBefore: boolean;
  readonly traceId: string | null;
}

/** 0 while no row has a place. */
export async function lastPosition(db: Db): Promise<number> {
  const query = db.selectFrom('audit').select('position').where('position', 'is not', null);
  return (await query.orderBy('position', 'desc').limit(1).executeTakeFirst())?.position ?? 0;
}

/** Rows behind a place, in their order. */
export async function auditBehind(db: Db, behind: number, limit: number): Promise<AuditedEvent[]> {
  const rows = await db
    .selectFrom('audit')
    .select(['position', 'at', 'actor', 'operation', 'object', 'before_hash', 'trace_id'])
    .where('position', '>', behind)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.flatMap(({ position, before_hash, trace_id, ...row }) =>
    position === null ? [] : [{ ...row, position, hadBefore: before_hash !== null, traceId: trace_id }],
  );
}

export interface AuditTally {
  /** Beginning of the hour, epoch milliseconds. */
  readonly hour: number;
  readonly operation: string;
  readonly hadBefore: boolean;
  readonly count: number;
}

/** How often what was done in which hour, from behind one place up to another. */
export async function tallyAudit(db: Db, behind: number, upTo: number): Promise<AuditTally[]> {
  const { rows } = await sql<{ hour: number; operation: string; had_before: number; count: number }>`
    select hour, operation, had_before, count(*) as count
    from (
      select at - at % 3600000 as hour, operation, case when before_hash is null then 0 else 1 end as had_before
      from audit where position > ${behind} and position <= ${upTo}
    ) as row
    group by hour, operation, had_before`.execute(db);
  return rows.map(({ hour, operation, had_before, count }) => {
    return { hour, operation, hadBefore: had_before === 1, count: Number(count) };
  });
}
