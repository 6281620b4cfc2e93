/**
 * The audit log: a row for every change, in the transaction of the change, and one for every delivery of contract data
 * before it is handed out. Rows are never changed; a little later each gets its place in a chain of hashes.
 */
import { hash } from 'node:crypto';
import type { CompiledQuery } from 'kysely';
import { whoActs } from '../kernel/acting.ts';
import { timeOrderedId } from '../kernel/time-ordered-id.ts';
import { knownInsert } from '../store/known-statement.ts';
import type { Db } from '../store/store.ts';
import type { AuditTable } from '../store/tables.ts';

/** What was done, as `object.verb`. */
export type AuditOperation =
  | 'root.add'
  | 'root.remove'
  | 'vehicle.publish'
  | 'vehicle.depublish'
  | 'vehicle.reset'
  | 'vehicle.admit'
  | 'vehicle.dismiss'
  | 'contract.store'
  | 'contract.withdraw'
  | 'contract.remove'
  | 'contract.set-default'
  | 'contract.deliver'
  | 'event.replay'
  | 'certificate.issue'
  | 'certificate.revoke'
  | 'authority.add'
  | 'party.add'
  | 'party.change'
  | 'party.disable'
  | 'party.enable'
  | 'client.add'
  | 'client.rotate'
  | 'client.disable'
  | 'client.enable'
  | 'operator.add'
  | 'operator.enrol'
  | 'operator.reset'
  | 'operator.disable'
  | 'operator.enable'
  | 'session.start'
  | 'session.refuse'
  | 'session.end'
  | 'session.end-all'
  | 'webhook.add'
  | 'webhook.change'
  | 'webhook.rotate'
  | 'webhook.remove'
  | 'approval.propose'
  | 'approval.approve'
  | 'approval.reject'
  | 'approval.expire'
  | 'approval.stale'
  | 'peer.add'
  | 'peer.change'
  | 'peer.remove'
  | 'peer.subscribe'
  | 'peer.unsubscribe'
  | 'webhook.assign';

export interface AuditedChange {
  readonly operation: AuditOperation;
  /** Its identifier: PCID, EMAID, fingerprint, ID. */
  readonly object: string;
  /** What was there before and what is there now; the log keeps their SHA-256. */
  readonly before?: Uint8Array | string | undefined;
  readonly after?: Uint8Array | string | undefined;
}

/** @param db the transaction of the change */
export async function audit(db: Db, at: number, changes: readonly AuditedChange[]): Promise<void> {
  await insertAuditRows(db, auditRows(at, changes));
}

/** In one statement: PostgreSQL takes 65,535 parameters. */
export const MOST_AUDIT_ROWS = 1_000;

/** Rows that are ready but for being written, with who acts now: for what is written down later, with others. */
export function auditRows(at: number, changes: readonly AuditedChange[]): AuditRow[] {
  const { actor, clientId = null, traceId = null } = whoActs();
  return changes.map(({ operation, object, before, after }) => ({
    id: timeOrderedId(at),
    at,
    actor,
    client_id: clientId,
    operation,
    object,
    before_hash: hashOf(before),
    after_hash: hashOf(after),
    trace_id: traceId,
    position: null,
    chain_hash: null,
  }));
}

export type AuditRow = Readonly<AuditTable>;

const columns = [
  'id',
  'at',
  'actor',
  'client_id',
  'operation',
  'object',
  'before_hash',
  'after_hash',
  'trace_id',
  'position',
  'chain_hash',
] as const;

/** @param db the transaction of what the rows tell of */
export async function insertAuditRows(db: Db, rows: readonly AuditRow[]): Promise<void> {
  for (const statement of auditInserts(db, rows)) await db.executeQuery(statement);
}

/** The statements of `insertAuditRows`; none for no rows. */
export function auditInserts(db: Db, rows: readonly AuditRow[]): CompiledQuery<unknown>[] {
  const statements: CompiledQuery<unknown>[] = [];
  for (let from = 0; from < rows.length; from += MOST_AUDIT_ROWS) {
    const some = rows.slice(from, from + MOST_AUDIT_ROWS);
    statements.push(knownInsert(db, 'audit', columns, some, () => db.insertInto('audit').values(some)));
  }
  return statements;
}

function hashOf(content: Uint8Array | string | undefined): string | null {
  return content === undefined ? null : hash('sha256', content, 'hex');
}
