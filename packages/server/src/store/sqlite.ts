import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { type Queried, statementLog } from './statement-log.ts';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const UNIQUE_VIOLATIONS = new Set([1555, 2067]);
export const DATABASE_FILE = 'plugpool.db';
export const LOCK_WAIT_MS = 10_000;
const KEPT_STATEMENTS = 500;

/** The embedded database: `plugpool.db` in the given folder, which is made when it is not there. */
export async function openSqlite(dataDirectory: string, queried?: Queried): Promise<Omit<Store, 'afterCommit'>> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDirectory, DATABASE_FILE), { timeout: LOCK_WAIT_MS });
  // FULL: an acknowledged write is on the disk, also when the power goes.
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;');
  const dialect = new SqliteDialect({ database: asKyselyDatabase(database) });
  const db = new Kysely<Tables>({ dialect, ...(queried && { log: statementLog(queried) }) });
  return {
    kind: 'sqlite',
    db,
    transaction: (work) => db.transaction().execute(work),
    forUpdate: (query) => query,
    forUpdateSkippingLocked: (query) => query,
    bytewise: (column) => sql.ref<string>(column),
    isUniqueViolation: (error) => UNIQUE_VIOLATIONS.has(errorCode(error)),
    announce: async () => undefined,
    listen: () => async () => undefined,
    async close() {
      await db.destroy();
      // Kysely leaves open what it was never asked for.
      if (database.isOpen) database.close();
    },
  };
}

/** `node:sqlite` in the shape that Kysely's dialect expects, with prepared statements kept. */
function asKyselyDatabase(database: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      // A deferred transaction that reads first and writes later fails when another process wrote in between.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = asKyselyStatement(database.prepare(text));
      if (prepared.size >= KEPT_STATEMENTS) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...parameters.map(asInput)),
    run: (parameters) => statement.run(...parameters.map(asInput)),
    iterate: (parameters) => statement.iterate(...parameters.map(asInput)),
  };
}

function asInput(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  if (value instanceof Uint8Array) return value;
  throw new TypeError(`a ${typeof value} cannot be stored in SQLite`);
}

function errorCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0;
}
