/** Opens the database, brings it up to date, and hides the few things in which SQLite and PostgreSQL differ. */
import type { Kysely, RawBuilder, Transaction } from 'kysely';
import { withAfterCommit } from './after-commit.ts';
import { isReadOnly } from './database-state.ts';
import { type MigrationNote, migrate, missingMigrations } from './migrate.ts';
import type { Queried } from './statement-log.ts';
import type { Tables } from './tables.ts';
import type { Together } from './together.ts';

/** A handle for queries: the database itself or a transaction on it. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Store {
  readonly kind: 'sqlite' | 'postgresql';
  readonly db: Db;
  /** The same for what finds a few rows by an index: what many ask for at the same time goes to the database together. */
  readonly lookups: Db;
  /**
   * Runs `work` in one transaction; its writes are on disk when the promise resolves. Started again, up to five times,
   * when the database gives up on it because of another one (deadlock, serialisation), so `work` must have no effects
   * outside the transaction.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Statements of a transaction that need nothing of each other's results: all, in their order, or it fails. */
  readonly together: Together;
  /** The same for its last ones, which go with the commit: the transaction is over then, and has no more statements. */
  readonly togetherAtEnd: Together;
  /** Locks the selected rows until the end of the transaction. SQLite has one writer at a time and needs no lock. */
  forUpdate<Q extends { forUpdate(): Q }>(query: Q): Q;
  /** The same for workers that share a table: rows that another transaction holds are left to it. */
  forUpdateSkippingLocked<Q extends { forUpdate(): Q; skipLocked(): Q }>(query: Q): Q;
  /** A text column compared octet by octet, whatever the language of the database: beginnings are looked up so. */
  bytewise(column: string): RawBuilder<string>;
  /** Whether the database refused a write because a row with that unique key is there. */
  isUniqueViolation(error: unknown): boolean;
  /**
   * Runs `then` when the transaction is committed, and never when it is not; at once for a handle that is none.
   * @param db the transaction that `work` was given
   */
  afterCommit(db: Db, then: () => void): void;
  /**
   * Tells the processes that share the database, this one too, that there is news; SQLite has nobody to tell. Never part of
   * a transaction: PostgreSQL lets transactions that notify commit one after the other.
   * @param topic lower case letters and underscores
   */
  announce(topic: string): Promise<void>;
  /** `heard` is called for each announcement, and when some may have been missed. Returns what ends it. */
  listen(topic: string, heard: () => void): () => Promise<void>;
  /** Whether a write was refused within the last half minute because the disk is full. */
  isDiskFull(): boolean;
  /** How the connections are used, where there are several. */
  connections?(): Connections;
  close(): Promise<void>;
}

export interface Connections {
  readonly used: number;
  readonly idle: number;
  /** Who waits for one. */
  readonly waiting: number;
}

export type StoreLocation = { readonly dataDirectory: string } | { readonly databaseUrl: string };

export interface StoreListeners {
  /** Hears the names of the migrations that were applied, when there were any to apply. */
  readonly migrated?: (names: readonly string[]) => void;
  /** Hears what takes long meanwhile. */
  readonly migrating?: MigrationNote;
  /** Hears of an idle connection that broke; it is replaced on its next use. */
  readonly connectionLost?: (error: Error) => void;
  /** Hears of each statement, once it has ended. */
  readonly queried?: Queried;
}

/**
 * Opens, and migrates where something is missing; a server that takes no writes will do where nothing is. Throws when the
 * folder cannot be written or the server cannot be reached.
 */
export async function openStore(location: StoreLocation, listeners: StoreListeners = {}): Promise<Store> {
  const { migrated = () => undefined, connectionLost = () => undefined, queried } = listeners;
  const store = await openDatabase(location, connectionLost, queried);
  try {
    const names = await bringUpToDate(store, location, listeners);
    if (names.length > 0) migrated(names);
    return store;
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

async function bringUpToDate(store: Store, location: StoreLocation, listeners: StoreListeners) {
  const { connectionLost = () => undefined, migrating: note } = listeners;
  const missing = await missingMigrations(store);
  if (missing.length === 0) return [];
  if (await isReadOnly(store)) throw new MissingOnStandby(missing.map(({ name }) => name));
  if (store.kind === 'sqlite') return await migrate(store, { ...(note && { note }) });
  // On connections of its own: what a migration does to a large table takes longer than statements otherwise may.
  const patient = await openDatabase(location, connectionLost, undefined, true);
  try {
    return await migrate(patient, { ...(note && { note }) });
  } finally {
    await patient.close();
  }
}

class MissingOnStandby extends Error {
  override readonly name = 'MissingOnStandby';

  constructor(names: readonly string[]) {
    super(`the server takes no writes, and lacks ${names.join(', ')}: run \`plugpool migrate\` on its primary`);
  }
}

/** Opens without migrating; `patient` knows no bound for a statement. Only the driver that is needed is loaded: the other one would make every start slower. */
export async function openDatabase(
  location: StoreLocation,
  connectionLost: (error: Error) => void,
  queried?: Queried,
  patient = false,
): Promise<Store> {
  if ('databaseUrl' in location) {
    const { openPostgresql } = await import('./postgresql.ts');
    return withAfterCommit(
      openPostgresql(location.databaseUrl, { connectionLost, patient, ...(queried && { queried }) }),
    );
  }
  const { openSqlite } = await import('./sqlite.ts');
  return withAfterCommit(await openSqlite(location.dataDirectory, queried));
}
