import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { CompiledQuery, QueryResult, SqliteDatabase, SqliteStatement } from 'kysely';
import { DatabaseUnavailable } from '../kernel/database-unavailable.ts';
import { FullDisk } from './full-disk.ts';
import { Kysely, SqliteDialect, sql } from './query-builder.ts';
import { type Queried, statementLog } from './statement-log.ts';
import type { Store, Tx } from './store.ts';
import type { Tables } from './tables.ts';
import { together } from './together.ts';

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const UNIQUE_VIOLATIONS = new Set([1555, 2067]);
/** The low octet is the primary result code: SQLITE_FULL, SQLITE_BUSY after `LOCK_WAIT_MS`, SQLITE_IOERR. */
const FULL = 13;
const BUSY = 5;
const IO_ERROR = 10;
/** SQLITE_IOERR_WRITE and SQLITE_IOERR_SHMSIZE: so it is where the file system says too late that it has no room. */
const NO_ROOM = new Set([778, 4874]);
export const DATABASE_FILE = 'plugpool.db';
export const LOCK_WAIT_MS = 10_000;
const KEPT_STATEMENTS = 500;

/** The embedded database: `plugpool.db` in the given folder, which is made when it is not there. */
export async function openSqlite(dataDirectory: string, queried?: Queried): Promise<Omit<Store, 'afterCommit'>> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(dataDirectory, DATABASE_FILE), { timeout: LOCK_WAIT_MS });
  // FULL: an acknowledged write is on the disk, also when the power goes.
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;');
  const fullDisk = new FullDisk();
  const dialect = new SqliteDialect({ database: asKyselyDatabase(database, fullDisk) });
  const db = new Kysely<Tables>({ dialect, ...(queried && { log: statementLog(queried) }) });
  return {
    kind: 'sqlite',
    db,
    lookups: db,
    transaction: (work) => db.transaction().execute(work),
    together: together(oneAfterTheOther),
    togetherAtEnd: together(oneAfterTheOther),
    forUpdate: (query) => query,
    forUpdateSkippingLocked: (query) => query,
    bytewise: (column) => sql.ref<string>(column),
    isUniqueViolation: (error) => UNIQUE_VIOLATIONS.has(errorCode(error)),
    announce: async () => undefined,
    listen: () => async () => undefined,
    isDiskFull: () => fullDisk.isRecent(),
    async close() {
      await db.destroy();
      // Kysely leaves open what it was never asked for.
      if (database.isOpen) database.close();
    },
  };
}

/** When the first that fails has ended the transaction, the next would be one of its own. */
async function oneAfterTheOther(
  tx: Tx,
  statements: readonly CompiledQuery<unknown>[],
): Promise<QueryResult<unknown>[]> {
  const results: QueryResult<unknown>[] = [];
  for (const statement of statements) results.push(await tx.executeQuery(statement));
  return results;
}

/** `node:sqlite` in the shape that Kysely's dialect expects, with prepared statements kept. */
function asKyselyDatabase(database: DatabaseSync, fullDisk: FullDisk): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      // A deferred transaction that reads first and writes later fails when another process wrote in between.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      const known = prepared.get(text);
      if (known !== undefined) return known;
      const statement = asKyselyStatement(database, text, fullDisk);
      if (prepared.size >= KEPT_STATEMENTS) prepared.clear();
      prepared.set(text, statement);
      return statement;
    },
    close: () => database.close(),
  };
}

function asKyselyStatement(database: DatabaseSync, text: string, fullDisk: FullDisk): SqliteStatement {
  const statement = database.prepare(text);
  const asked = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw refusalOf(error, fullDisk);
    }
  };
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => asked(() => statement.all(...parameters.map(asInput))),
    run(parameters) {
      // A full disk ends the transaction at once, and with it what there is to take back.
      if (text === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 };
      return asked(() => statement.run(...parameters.map(asInput)));
    },
    iterate: (parameters) => statement.iterate(...parameters.map(asInput)),
  };
}

function refusalOf(error: unknown, fullDisk: FullDisk): unknown {
  const code = errorCode(error);
  const primary = code & 0xff;
  if (primary === FULL || NO_ROOM.has(code)) return fullDisk.refused(error);
  return primary === BUSY || primary === IO_ERROR ? new DatabaseUnavailable(error) : error;
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
