/**
 * The databases that a suite runs on: SQLite, and PostgreSQL when `DATABASE_URL` names a server; PostgreSQL alone where
 * `ONLY_POSTGRESQL` is set, as SQLite had its run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { createDatabase } from '../../../tools/postgresql-query.ts';
import { openStore, type Store, type StoreLocation } from '../src/store/store.ts';

export interface TestDatabase {
  readonly location: StoreLocation;
  /** Removes the folder, or drops the database. */
  drop(): Promise<void>;
}

export interface DatabaseKind {
  readonly kind: Store['kind'];
  create(): Promise<TestDatabase>;
}

/** Each kind makes databases of its own, so suites can run side by side. */
export function eachDatabase(): DatabaseKind[] {
  const serverUrl = process.env['DATABASE_URL'];
  const sqlite: DatabaseKind = { kind: 'sqlite', create: createSqlite };
  if (serverUrl === undefined) return [sqlite];
  const postgresql: DatabaseKind = { kind: 'postgresql', create: () => createPostgresql(serverUrl) };
  return process.env['ONLY_POSTGRESQL'] === undefined ? [sqlite, postgresql] : [postgresql];
}

export interface TestStore extends Store {
  /** A second handle on the same database, as another process would have. */
  reopen(): Promise<Store>;
}

/** For suites of one room: an empty, migrated store, closed and dropped after the test. */
export function eachStore(): { kind: Store['kind']; open(): Promise<TestStore> }[] {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
  return eachDatabase().map(({ kind, create }) => ({
    kind,
    async open() {
      const database = await create();
      cleanUps.push(database.drop);
      const store = await openStore(database.location);
      cleanUps.push(store.close);
      return { ...store, reopen: () => openStore(database.location) };
    },
  }));
}

async function createSqlite(): Promise<TestDatabase> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'plugpool-test-'));
  return {
    location: { dataDirectory },
    drop: () => rm(dataDirectory, { recursive: true, force: true }),
  };
}

async function createPostgresql(serverUrl: string): Promise<TestDatabase> {
  const { url, drop } = await createDatabase(serverUrl, 'plugpool_test');
  return { location: { databaseUrl: url }, drop };
}
