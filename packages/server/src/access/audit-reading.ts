/** The audit log as it is read: by who, what, which object and when. */
import { behind, type Position } from '../listing/keyset.ts';
import { sql } from '../store/query-builder.ts';
import type { Db } from '../store/store.ts';
import type { AuditTable } from '../store/tables.ts';

export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly operation?: string | undefined;
  readonly object?: string | undefined;
  readonly traceId?: string | undefined;
  /** Epoch milliseconds, both included. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** What is older than this row. */
  readonly before?: { readonly at: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly clientId: string | null;
  readonly operation: string;
  readonly object: string;
  readonly beforeHash: string | null;
  readonly afterHash: string | null;
  readonly traceId: string | null;
  readonly position: number | null;
  readonly chainHash: string | null;
}

/** The latest first. */
export async function readAudit(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit);
  const { actor, operation, object, traceId, since, until, before } = filter;
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (operation !== undefined) query = query.where('operation', '=', operation);
  if (object !== undefined) query = query.where('object', '=', object);
  if (traceId !== undefined) query = query.where('trace_id', '=', traceId);
  if (since !== undefined) query = query.where('at', '>=', since);
  if (until !== undefined) query = query.where('at', '<=', until);
  if (before !== undefined) {
    query = query
      .where('at', '<=', before.at)
      .where((where) => where.or([where('at', '<', before.at), where('id', '<', before.id)]));
  }
  return (await query.execute()).map(entryOf);
}

/** What was done to one object, the latest first; `group` is what the list calls these rows. */
export async function auditOf(
  db: Db,
  object: string,
  page: { readonly after: Position | undefined; readonly group: string; readonly most: number },
): Promise<AuditEntry[]> {
  const { after, group, most } = page;
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('object', '=', object)
    .where(behind(after, { sort: sql.ref('at'), id: sql.ref('id'), group, direction: 'desc' }))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map(entryOf);
}

function entryOf(row: AuditTable): AuditEntry {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    actor: row.actor,
    clientId: row.client_id,
    operation: row.operation,
    object: row.object,
    beforeHash: row.before_hash,
    afterHash: row.after_hash,
    traceId: row.trace_id,
    position: row.position,
    chainHash: row.chain_hash,
  };
}
