/** What the database says of the migrations that it has. */
import { sql } from './query-builder.ts';
import type { Store } from './store.ts';

/** Stands behind the name of a migration whose tables are there, and whose indexes are not yet. */
const HALF = ': tables';

export const halfOf = (name: string) => `${name}${HALF}`;

export interface AppliedMigrations {
  readonly done: ReadonlySet<string>;
  /** Begun, and their indexes are still to be built. */
  readonly half: ReadonlySet<string>;
}

/** None in an empty database; changes nothing. */
export async function appliedMigrations(store: Pick<Store, 'kind' | 'db'>): Promise<AppliedMigrations> {
  const names = (await isThere(store)) ? await recorded(store) : [];
  const half = names.filter((name) => name.endsWith(HALF));
  return {
    done: new Set(names.filter((name) => !name.endsWith(HALF))),
    half: new Set(half.map((name) => name.slice(0, -HALF.length))),
  };
}

async function isThere({ kind, db }: Pick<Store, 'kind' | 'db'>): Promise<boolean> {
  const query =
    kind === 'postgresql'
      ? sql`select 1 where to_regclass('migration') is not null`
      : sql`select 1 from sqlite_master where type = 'table' and name = 'migration'`;
  return (await query.execute(db)).rows.length > 0;
}

async function recorded({ db }: Pick<Store, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from migration`.execute(db);
  return rows.map(({ name }) => name);
}
