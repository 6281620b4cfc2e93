import type { RawBuilder } from 'kysely';
import { appliedMigrations, halfOf } from './applied-migrations.ts';
import { inOneTransaction, onPostgresql } from './migration-ways.ts';
import { pools } from './migrations/001-pools.ts';
import { certificateStatus } from './migrations/002-certificate-status.ts';
import { keyLocations } from './migrations/003-key-locations.ts';
import { defaultContractByEdition } from './migrations/004-default-contract-by-edition.ts';
import { access } from './migrations/005-access.ts';
import { clientKeys } from './migrations/005-client-keys.ts';
import { events } from './migrations/006-events.ts';
import { approvals } from './migrations/007-approvals.ts';
import { operatorAccounts } from './migrations/008-operator-accounts.ts';
import { peers } from './migrations/009-peers.ts';
import { webhookSecrets } from './migrations/010-webhook-secrets.ts';
import { listing } from './migrations/011-listing.ts';
import { overview } from './migrations/012-overview.ts';
import { fewerIndexes } from './migrations/016-fewer-indexes.ts';
import { sql } from './query-builder.ts';
import type { Store, Tx } from './store.ts';

/** What a column is called in the database at hand. */
export interface ColumnTypes {
  readonly text: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly blob: RawBuilder<unknown>;
  /** A primary key that counts upwards by itself; numbers may be left out. */
  readonly counter: RawBuilder<unknown>;
  /** Whether texts are in the order of a language, so that what is looked up by its beginning needs an index of its own. */
  readonly bytewiseIndexes: boolean;
}

/** An index on a table that is there already. */
export interface Index {
  readonly name: string;
  readonly table: string;
  /** What stands in the parentheses, in words that both databases understand. */
  readonly on: string;
  /** The rows that are in it; all where it is left out. */
  readonly where?: string;
}

/**
 * What changes the shape of the data. Replicas of the version before work beside it while it is applied, and afterwards:
 * CONTRIBUTING.md says what it may do.
 */
export interface Migration {
  /** Sorts after all that came before; never changed once released. */
  readonly name: string;
  /** Tables and columns, in one transaction, started again when a table that it needs is in use for too long. */
  readonly up?: (tx: Tx, column: ColumnTypes) => Promise<void>;
  /** Built behind `up`, one by one and outside of a transaction, while others read and write. */
  readonly indexes?: (column: ColumnTypes) => readonly Index[];
  /** Indexes that are of no use any more. */
  readonly droppedIndexes?: readonly string[];
}

/** In the order in which they are applied. */
export const migrations: readonly Migration[] = [
  pools,
  certificateStatus,
  keyLocations,
  defaultContractByEdition,
  access,
  clientKeys,
  events,
  approvals,
  operatorAccounts,
  peers,
  webhookSecrets,
  listing,
  overview,
  fewerIndexes,
];

export const columnTypes: Record<Store['kind'], ColumnTypes> = {
  sqlite: {
    text: sql`text`,
    integer: sql`integer`,
    blob: sql`blob`,
    counter: sql`integer primary key autoincrement`,
    bytewiseIndexes: false,
  },
  postgresql: {
    text: sql`text`,
    integer: sql`bigint`,
    blob: sql`bytea`,
    counter: sql`bigint generated always as identity primary key`,
    bytewiseIndexes: true,
  },
};

/** Hears what takes long, or has to wait. */
export type MigrationNote = (message: string, details: Readonly<Record<string, string | number>>) => void;

export interface MigrationOptions {
  /** A beginning of `migrations`, for a database as an older version left it. */
  readonly wanted?: readonly Migration[];
  readonly note?: MigrationNote;
  /** How long requests may have to wait behind a migration that waits for a table. */
  readonly lockTimeoutMs?: number;
  /** Between two attempts to get it. */
  readonly pauseMs?: number;
}

/** Names in the order in which they are to be applied; changes nothing, and works on a server that takes no writes. */
export async function missingMigrations(store: Store, wanted = migrations): Promise<readonly Migration[]> {
  const { done } = await appliedMigrations(store);
  return wanted.filter(({ name }) => !done.has(name));
}

/**
 * Applies what is missing, each migration on its own: what was done when it is ended half-way is not done again.
 * Processes that start at the same time wait for the one that is first. An empty database gets all in one transaction, and
 * so does the embedded one.
 * @returns the names of what was applied
 */
export async function migrate(store: Store, options: MigrationOptions = {}): Promise<readonly string[]> {
  const { wanted = migrations, ...how } = options;
  const { kind } = store;
  if ((await missingMigrations(store, wanted)).length === 0) return [];
  const alone = kind === 'sqlite' ? inOneTransaction(store) : onPostgresql(store, how);
  return await alone(async (way, db) => {
    const { done, half } = await appliedMigrations({ kind, db });
    const missing = wanted.filter(({ name }) => !done.has(name));
    const { text, integer } = columnTypes[kind];
    await way.step('migration', async (tx) => {
      await sql`create table if not exists migration (name ${text} primary key, applied_at ${integer} not null)`.execute(
        tx,
      );
    });
    // What a later one drops need not be built on a large table first.
    const dropped = new Set(missing.flatMap(({ droppedIndexes = [] }) => droppedIndexes));
    for (const migration of missing) {
      const indexes = migration.indexes?.(columnTypes[kind]) ?? [];
      const lasting = indexes.filter(({ name }) => !dropped.has(name));
      await applyOne(way, { ...migration, indexes: () => lasting }, columnTypes[kind], half);
    }
    return missing.map(({ name }) => name);
  });
}

/** How steps are made in the database at hand, by the one process that makes them. */
export interface Way {
  readonly step: (name: string, work: (tx: Tx) => Promise<void>) => Promise<void>;
  readonly buildIndex: (index: Index) => Promise<void>;
  readonly dropIndex: (name: string) => Promise<void>;
}

async function applyOne(way: Way, migration: Migration, column: ColumnTypes, half: ReadonlySet<string>) {
  const { name, up, droppedIndexes = [] } = migration;
  const indexes = migration.indexes?.(column) ?? [];
  const isOneStep = indexes.length === 0 && droppedIndexes.length === 0;
  if (up !== undefined && !half.has(name)) {
    await way.step(name, async (tx) => {
      // First, so that it is the claim to it as well.
      await record(tx, isOneStep ? name : halfOf(name));
      await up(tx, column);
    });
    if (isOneStep) return;
  }
  for (const index of indexes) await way.buildIndex(index);
  for (const index of droppedIndexes) await way.dropIndex(index);
  await way.step(name, async (tx) => {
    await sql`delete from migration where name = ${halfOf(name)}`.execute(tx);
    await record(tx, name);
  });
}

async function record(tx: Tx, name: string): Promise<void> {
  await sql`insert into migration (name, applied_at) values (${name}, ${Date.now()})`.execute(tx);
}
