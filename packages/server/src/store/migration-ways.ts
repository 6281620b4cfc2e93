/** How migrations are applied without stopping those who work on the same data. */
import { setTimeout as wait } from 'node:timers/promises';
import type { RawBuilder } from 'kysely';
import { appliedMigrations } from './applied-migrations.ts';
import type { Index, MigrationNote, MigrationOptions, Way } from './migrate.ts';
import { sql } from './query-builder.ts';
import type { Db, Store, Tx } from './store.ts';

/** Any number that is the same in every replica. */
const MIGRATION_LOCK = 1_511_803;
const LOCK_TIMEOUT_MS = 500;
const PAUSE_MS = 2_000;
const OTHER_RUNNER_LOOKED_AT_MS = 500;
const TOLD_EVERY_MS = 10_000;
/** Then somebody has to look who holds the table. */
const GIVEN_UP_AFTER_MS = 15 * 60_000;

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** Runs the work while no other process does; what is read of the handle is what it is to go by. */
type Alone = <T>(work: (way: Way, db: Db) => Promise<T>) => Promise<T>;

/** All or nothing. The embedded database has one writer at a time, and nobody is on an empty one: there is nobody to be spared. */
export function inOneTransaction(store: Store): Alone {
  return (work) =>
    store.transaction((tx) => {
      const way: Way = {
        step: (_name, change) => change(tx),
        buildIndex: async (index) => void (await createIndex(index).execute(tx)),
        dropIndex: async (name) => void (await sql`drop index if exists ${sql.ref(name)}`.execute(tx)),
      };
      return work(way, tx);
    });
}

type Patience = Pick<MigrationOptions, 'note' | 'lockTimeoutMs' | 'pauseMs'>;

/**
 * One process at a time. The lock belongs to a transaction, as a pooler that hands each transaction to another connection
 * knows nothing of locks of a session; it does nothing else, and holds no snapshot that the building of an index would wait
 * for. For the same reason nobody waits inside the database for that lock.
 */
export function onPostgresql(store: Store, { note = () => undefined, ...patience }: Patience): Alone {
  return async (work) => {
    for (let waited = 0; ; waited += OTHER_RUNNER_LOOKED_AT_MS) {
      const done = await store.transaction(async (tx) => {
        if (!(await isAlone(tx))) return undefined;
        const { done, half } = await appliedMigrations(store);
        if (done.size + half.size === 0) return { result: await inOneTransaction(store)(work) };
        const stillAlone = async () => void (await sql`select 1`.execute(tx));
        return { result: await work(postgresqlWay(store, { ...patience, note, stillAlone }), store.db) };
      });
      if (done !== undefined) return done.result;
      if (waited % TOLD_EVERY_MS === 0) note('another process migrates the database: waiting for it', {});
      await wait(OTHER_RUNNER_LOOKED_AT_MS);
    }
  };
}

async function isAlone(tx: Tx): Promise<boolean> {
  // Any other level keeps the snapshot of its first statement.
  await sql`set transaction isolation level read committed`.execute(tx);
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
  const lock = sql<{ alone: boolean }>`select pg_try_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)}) as alone`;
  return (await lock.execute(tx)).rows[0]?.alone === true;
}

interface PostgresqlRun extends Patience {
  readonly note: MigrationNote;
  /** Throws when the connection with the lock is lost: another process may have begun. */
  readonly stillAlone: () => Promise<void>;
}

function postgresqlWay(store: Store, run: PostgresqlRun): Way {
  const step: Way['step'] = async (name, work) => {
    await run.stillAlone();
    await untilTablesAreFree(store, run, name, work);
  };
  return {
    step,
    async buildIndex(index) {
      if ((await validityOf(store.db, index.name)) === 'invalid') {
        await step(index.name, (tx) => dropInvalid(tx, index)).catch(async (cause) => {
          // A builder lets go of its lock a moment before it says that the index is valid.
          if ((await validityOf(store.db, index.name)) !== 'valid') throw cause;
        });
      }
      if ((await validityOf(store.db, index.name)) === 'valid') return;
      await run.stillAlone();
      await tellingHowFar(store, run, index, () => buildConcurrently(store.db, index));
    },
    async dropIndex(name) {
      await run.stillAlone();
      await sql`drop index concurrently if exists ${sql.ref(name)}`.execute(store.db);
    },
  };
}

/**
 * Whoever asks for a table that is in use stands in a queue, and everybody who comes later stands behind him. So he goes
 * away soon, lets the others through, and comes again.
 */
async function untilTablesAreFree(store: Store, run: PostgresqlRun, name: string, work: (tx: Tx) => Promise<void>) {
  const { note, lockTimeoutMs = LOCK_TIMEOUT_MS, pauseMs = PAUSE_MS } = run;
  const began = performance.now();
  for (;;) {
    try {
      return await store.transaction(async (tx) => {
        await sql`set local lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(tx);
        // Behind a pooler the limits are those of the role.
        await sql`set local statement_timeout = 0`.execute(tx);
        await work(tx);
      });
    } catch (cause) {
      if (codeOf(cause) !== LOCK_NOT_AVAILABLE) throw cause;
      const seconds = Math.round((performance.now() - began) / 1000);
      if (seconds * 1000 > GIVEN_UP_AFTER_MS) {
        const reason = 'a long transaction holds a table that it needs; see pg_stat_activity, end that and start again';
        throw new Error(`${name} was given up after ${seconds} s: ${reason}`, { cause });
      }
      note('a migration waits for a table that is in use', { migration: name, seconds });
    }
    await wait(pauseMs);
    await run.stillAlone();
  }
}

/** Of an index by name; one that was not built to its end is invalid, and written to but not read. */
async function validityOf(db: Db, name: string): Promise<'valid' | 'invalid' | 'none'> {
  const query = sql<{
    valid: boolean;
  }>`select indisvalid as valid from pg_index where indexrelid = to_regclass(${name})`;
  const [row] = (await query.execute(db)).rows;
  if (row === undefined) return 'none';
  return row.valid ? 'valid' : 'invalid';
}

/** The lock is the one of those who build: behind a process that was killed, its server process may still be at it. */
async function dropInvalid(tx: Tx, { name, table }: Index): Promise<void> {
  await sql`lock table ${sql.table(table)} in share update exclusive mode`.execute(tx);
  if ((await validityOf(tx, name)) === 'invalid') await sql`drop index ${sql.ref(name)}`.execute(tx);
}

async function buildConcurrently(db: Db, index: Index): Promise<void> {
  try {
    await createIndex(index, sql`concurrently`).execute(db);
  } catch (cause) {
    if (codeOf(cause) !== QUERY_CANCELED) throw cause;
    const advice = 'run `plugpool migrate` past a pooler, as a role without statement_timeout';
    throw new Error(`the index ${index.name} was not built to its end: ${advice}`, { cause });
  }
}

/** Says every ten seconds how far the index is. */
async function tellingHowFar(
  store: Store,
  { note, stillAlone }: PostgresqlRun,
  index: Index,
  build: () => Promise<void>,
) {
  const building = new AbortController();
  const { signal } = building;
  const began = performance.now();
  const tell = async () => {
    for (;;) {
      await wait(TOLD_EVERY_MS, undefined, { signal });
      const seconds = Math.round((performance.now() - began) / 1000);
      note('an index is built', { index: index.name, seconds, ...(await progressOf(store.db, index)) });
      await stillAlone();
    }
  };
  // It ends by the signal; what else may end it is found before the next step, where it counts.
  const telling = tell().catch((error) => {
    if (!signal.aborted) note('how far it is cannot be told any more', { index: index.name, reason: String(error) });
  });
  try {
    await build();
  } finally {
    building.abort();
    await telling;
  }
  note('an index was built', { index: index.name, seconds: Math.round((performance.now() - began) / 1000) });
}

async function progressOf(db: Db, { table }: Index): Promise<{ phase?: string; percent?: number }> {
  const { rows } = await sql<{ phase: string; done: number; of: number }>`
    select phase, greatest(blocks_done, tuples_done) as done, greatest(blocks_total, tuples_total) as of
    from pg_stat_progress_create_index where relid = to_regclass(${table})`.execute(db);
  const [row] = rows;
  if (row === undefined) return {};
  const { phase, done, of } = row;
  return { phase, ...(of > 0 && { percent: Math.floor((100 * done) / of) }) };
}

function createIndex({ name, table, on, where }: Index, way: RawBuilder<unknown> = sql``): RawBuilder<unknown> {
  const rows = where === undefined ? sql`` : sql` where ${sql.raw(where)}`;
  return sql`create index ${way} ${sql.ref(name)} on ${sql.table(table)} (${sql.raw(on)})${rows}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
