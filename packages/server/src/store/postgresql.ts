import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import { type Queried, statementLog } from './statement-log.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

const UNIQUE_VIOLATION = '23505';
/** serialization_failure, deadlock_detected */
const WORTH_ANOTHER_TRY = new Set(['40001', '40P01']);
const TRIES = 5;
const INT8 = 20;
const CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5_000;

/** A PostgreSQL database by URL; the pool connects on first use. */
export function openPostgresql(databaseUrl: string, connectionLost: (error: Error) => void, queried?: Queried): Store {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'plugpool',
    types: { getTypeParser: parserOf },
  });
  // Without a listener an idle connection that breaks would end the process.
  pool.on('error', connectionLost);
  const dialect = new PostgresDialect({ pool });
  const db = new Kysely<Tables>({ dialect, ...(queried && { log: statementLog(queried) }) });
  return {
    kind: 'postgresql',
    db,
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute(work);
        } catch (error) {
          if (attempt === TRIES || !WORTH_ANOTHER_TRY.has(errorCode(error))) throw error;
        }
      }
    },
    forUpdate: (query) => query.forUpdate(),
    forUpdateSkippingLocked: (query) => query.forUpdate().skipLocked(),
    bytewise: (column) => sql<string>`${sql.ref(column)} collate "C"`,
    isUniqueViolation: (error) => errorCode(error) === UNIQUE_VIOLATION,
    connections: () => ({
      used: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => db.destroy(),
  };
}

/** Times and counts fit into 53 bits, so int8 is read as a number and not as text. */
const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format ?? 'text');

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
