import type { PostgresPool, QueryResult } from 'kysely';
import { FullDisk } from './full-disk.ts';
import { listen } from './postgresql-announcements.ts';
import { hostsOf } from './postgresql-hosts.ts';
import { type PoolOptions, postgresqlPool } from './postgresql-pool.ts';
import { CompiledQuery, Kysely, PostgresDialect, sql } from './query-builder.ts';
import { type Queried, statementLog } from './statement-log.ts';
import type { Store, Tx } from './store.ts';
import type { Tables } from './tables.ts';
import { together } from './together.ts';

const UNIQUE_VIOLATION = '23505';
/** serialization_failure, deadlock_detected */
const WORTH_ANOTHER_TRY = new Set(['40001', '40P01']);
const TRIES = 5;

/** A PostgreSQL database by URL; the pool connects on first use. */
export function openPostgresql(
  databaseUrl: string,
  options: Omit<PoolOptions, 'fullDisk'> & { readonly queried?: Queried },
): Omit<Store, 'afterCommit'> {
  const { queried } = options;
  const fullDisk = new FullDisk();
  const pool = postgresqlPool(databaseUrl, { ...options, fullDisk });
  const on = (connections: PostgresPool) => {
    const dialect = new PostgresDialect({ pool: connections });
    return new Kysely<Tables>({ dialect, ...(queried && { log: statementLog(queried) }) });
  };
  const db = on(pool);
  return {
    kind: 'postgresql',
    db,
    lookups: on(pool.lookups),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute(work);
        } catch (error) {
          if (attempt === TRIES || !WORTH_ANOTHER_TRY.has(errorCode(error))) throw error;
        }
      }
    },
    together: together(inOneMessage),
    togetherAtEnd: together(async (tx, statements) => (await inOneMessage(tx, [...statements, COMMIT])).slice(0, -1)),
    forUpdate: (query) => query.forUpdate(),
    forUpdateSkippingLocked: (query) => query.forUpdate().skipLocked(),
    bytewise: (column) => sql<string>`${sql.ref(column)} collate "C"`,
    isUniqueViolation: (error) => errorCode(error) === UNIQUE_VIOLATION,
    async announce(topic) {
      await sql`select pg_notify(${topic}, '')`.execute(db);
    },
    listen: (topic, heard) => listen(hostsOf(databaseUrl), { topic, heard, lost: options.connectionLost }),
    isDiskFull: () => fullDisk.isRecent(),
    connections: pool.connections,
    async close() {
      await db.destroy();
      // Kysely leaves open what it was never asked for.
      await pool.end();
    },
  };
}

/** Behind the first that fails the others do nothing, and what then would commit takes everything back. */
function inOneMessage(tx: Tx, statements: readonly CompiledQuery<unknown>[]): Promise<QueryResult<unknown>[]> {
  return tx
    .getExecutor()
    .provideConnection((connection) => Promise.all(statements.map((each) => connection.executeQuery(each))));
}

/** The transaction's own, which comes later, the connection does not send any more. */
const COMMIT = CompiledQuery.raw('commit');

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
