import { appliedMigrations } from './applied-migrations.ts';
import { migrations } from './migrate.ts';
import { sql } from './query-builder.ts';
import type { Store } from './store.ts';

export interface DatabaseState {
  /** For people, for instance `PostgreSQL 16.2`. */
  readonly version: string;
  /** The major version of a PostgreSQL. */
  readonly major?: number;
  /** The clock of a database server, in epoch milliseconds. */
  readonly now?: number;
  /** Reading is all it does: a standby. */
  readonly readOnly: boolean;
  /** Migrations that this version has and the database has not; all of them when it is empty. */
  readonly missing: readonly string[];
  /** Migrations that a newer version made. */
  readonly unknown: readonly string[];
}

/** Whether writes are refused: by a standby that follows a primary, as a rule. */
export async function isReadOnly({ kind, db }: Pick<Store, 'kind' | 'db'>): Promise<boolean> {
  if (kind === 'sqlite') return false;
  const { rows } = await sql<{ transaction_read_only: string }>`show transaction_read_only`.execute(db);
  return rows[0]?.transaction_read_only !== 'off';
}

/** What a database says of itself; changes nothing. Throws what the driver throws when it does not answer. */
export async function databaseState(store: Store): Promise<DatabaseState> {
  const known = migrations.map(({ name }) => name);
  const { done, half } = await appliedMigrations(store);
  return {
    ...(store.kind === 'sqlite' ? await sqliteVersion(store) : await postgresqlVersion(store)),
    readOnly: await isReadOnly(store),
    missing: known.filter((name) => !done.has(name)),
    unknown: [...done, ...half].filter((name) => !known.includes(name)),
  };
}

async function sqliteVersion({ db }: Store): Promise<Pick<DatabaseState, 'version'>> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  return { version: `SQLite ${rows[0]?.version}` };
}

async function postgresqlVersion({ db }: Store): Promise<Pick<DatabaseState, 'version' | 'major' | 'now'>> {
  const { rows } = await sql<{ version: string; now: number }>`
    select current_setting('server_version') as version,
      cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now`.execute(db);
  const [{ version, now } = { version: '', now: 0 }] = rows;
  return { version: `PostgreSQL ${version}`, major: Number.parseInt(version, 10), now: Number(now) };
}
