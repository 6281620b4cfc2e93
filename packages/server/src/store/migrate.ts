import { type RawBuilder, sql } from 'kysely';
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

export interface Migration {
  /** Sorts after all that came before; never changed once released. */
  readonly name: string;
  readonly up: (tx: Tx, column: ColumnTypes) => Promise<void>;
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
];

const columnTypes: Record<Store['kind'], ColumnTypes> = {
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

/** Any number that is the same in every replica. */
const MIGRATION_LOCK = 1_511_802;

/**
 * Applies what is missing, all in one transaction; processes that start at the same time wait for each other.
 * @param wanted a beginning of `migrations`, for a database as an older version left it
 */
export async function migrate(store: Store, wanted = migrations): Promise<readonly string[]> {
  return await store.transaction(async (tx) => {
    if (store.kind === 'postgresql') await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx);
    const column = columnTypes[store.kind];
    await sql`create table if not exists migration (name ${column.text} primary key, applied_at ${column.integer} not null)`.execute(
      tx,
    );
    const applied = await sql<{ name: string }>`select name from migration`.execute(tx);
    const known = new Set(applied.rows.map((row) => row.name));
    const missing = wanted.filter((migration) => !known.has(migration.name));
    for (const migration of missing) {
      await migration.up(tx, column);
      await sql`insert into migration (name, applied_at) values (${migration.name}, ${Date.now()})`.execute(tx);
    }
    return missing.map((migration) => migration.name);
  });
}
