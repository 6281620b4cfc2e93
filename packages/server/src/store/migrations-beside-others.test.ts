/** Migrations of a database on which others work, and of one on which a migration was ended half-way. PostgreSQL alone: SQLite has one writer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { kill } from '../../test/served-process.ts';
import { eachDatabase } from '../../test/stores.ts';
import { databaseState } from './database-state.ts';
import { columnTypes, migrate, migrations } from './migrate.ts';
import { listing } from './migrations/011-listing.ts';
import { sql } from './query-builder.ts';
import { openDatabase, type Store } from './store.ts';

const BINARY = new URL('../../bin/plugpool.js', import.meta.url).pathname;
const LOOKED_EVERY_MS = 20;
const quick = { lockTimeoutMs: 100, pauseMs: 50 };
const databases = eachDatabase().filter(({ kind }) => kind === 'postgresql');
const note = databases.length > 0 ? '' : ' (skipped: DATABASE_URL names no PostgreSQL)';
const allNames = migrations.map(({ name }) => name);
const beforeListing = migrations.slice(0, migrations.indexOf(listing));

interface Subject {
  readonly store: Store;
  readonly url: string;
  /** A connection of somebody else. */
  connect(): Promise<Client>;
}

async function subject(): Promise<Subject> {
  const [kind] = databases;
  if (kind === undefined) throw new Error('there is no PostgreSQL');
  const { location, drop } = await kind.create();
  onTestFinished(drop);
  if (!('databaseUrl' in location)) throw new TypeError('PostgreSQL has a URL');
  const { databaseUrl: url } = location;
  const store = await openDatabase(location, () => undefined, undefined, true);
  onTestFinished(store.close);
  const connect = async () => {
    const client = new Client({ connectionString: url, application_name: 'somebody else' });
    // The database goes before its connections.
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };
  return { store, url, connect };
}

/** What a transaction that writes into all tables has. */
async function writeIntoAll(client: Client, tables: readonly string[]): Promise<void> {
  await client.query('begin');
  for (const table of tables) await client.query(`lock table ${table} in row exclusive mode`);
}

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration'",
  );
  return rows.map(({ name }) => name);
}

async function until(what: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await what())) await wait(LOOKED_EVERY_MS);
}

const isSomebodyWaiting = async (client: Client) =>
  (
    await client.query(
      "select 1 from pg_stat_activity where datname = current_database() and application_name = 'plugpool' and wait_event_type = 'Lock'",
    )
  ).rows.length > 0;

async function indexesOf(client: Client, valid: boolean): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select indexrelid::regclass::text as name from pg_index join pg_class on pg_class.oid = indrelid
     where relnamespace = 'public'::regnamespace and indisvalid = $1 order by name`,
    [valid],
  );
  return rows.map(({ name }) => name);
}

describe.skipIf(databases.length === 0)(`migrations beside others${note}`, { timeout: 120_000 }, () => {
  test('ok/whoever writes goes on while each of them waits for a transaction that holds all tables', async () => {
    const { store, connect } = await subject();
    const [holder, writer] = [await connect(), await connect()];
    const waits: string[] = [];
    await migrate(store, { wanted: migrations.slice(0, 1) });
    for (const [before, { name }] of migrations.entries()) {
      if (before === 0) continue;
      const tables = await tablesOf(writer);
      await writeIntoAll(holder, tables);
      let isDone = false;
      const heard = (message: string, { migration }: Readonly<Record<string, unknown>>) => {
        if (message.includes('waits for a table')) waits.push(String(migration));
      };
      const migrating = migrate(store, { ...quick, wanted: migrations.slice(0, before + 1), note: heard });
      const done = migrating.finally(() => {
        isDone = true;
      });
      await until(async () => isDone || (await isSomebodyWaiting(writer)));
      // The holder keeps what it has: whoever stood behind a migration that stands behind it would wait for ever.
      await writer.query("set statement_timeout = '60s'");
      await writeIntoAll(writer, tables);
      await writer.query('rollback');
      await holder.query('rollback');
      expect(await done).toEqual([name]);
    }
    expect(waits).toContain('009-peers');
  });

  test('ok/none keeps writers out of a table that was there before while it builds an index', async () => {
    const { store, connect } = await subject();
    const client = await connect();
    for (const [before, { name, up }] of migrations.entries()) {
      const tables = await tablesOf(client);
      const locked: string[] = [];
      const undone = new Error('undone');
      const trial = async () => {
        if (up === undefined) return;
        await store.transaction(async (tx) => {
          await up(tx, columnTypes.postgresql);
          const { rows } = await sql<{ name: string }>`select relation::regclass::text as name from pg_locks
            where pid = pg_backend_pid() and locktype = 'relation' and mode = 'ShareLock'`.execute(tx);
          locked.push(...rows.map((row) => row.name).filter((table) => tables.includes(table)));
          throw undone;
        });
      };
      await trial().catch((error) => {
        if (error !== undone) throw error;
      });
      expect({ name, locked }).toEqual({ name, locked: [] });
      await migrate(store, { wanted: migrations.slice(0, before + 1) });
    }
  });

  test('ok/an upgraded database has the indexes of a new one', async () => {
    const [upgraded, fresh] = [await subject(), await subject()];
    for (const [before] of migrations.entries())
      await migrate(upgraded.store, { wanted: migrations.slice(0, before + 1) });
    await migrate(fresh.store);
    const [all, invalid] = [
      await indexesOf(await upgraded.connect(), true),
      await indexesOf(await upgraded.connect(), false),
    ];
    expect({ all, invalid }).toEqual({ all: await indexesOf(await fresh.connect(), true), invalid: [] });
  });

  test('ok/two processes that migrate the same data do not wait for each other for ever', async () => {
    const { store, connect } = await subject();
    await migrate(store, { wanted: beforeListing });
    const applied = await Promise.all([migrate(store), migrate(store)]);
    expect(applied.map(({ length }) => length).sort()).toEqual([0, migrations.length - beforeListing.length]);
    expect(await indexesOf(await connect(), false)).toEqual([]);
  });

  /** A process that was killed while it built the first index behind a transaction that writes. */
  async function killedHalfWay({ store, url, connect }: Subject): Promise<{ holder: Client; client: Client }> {
    await migrate(store, { wanted: beforeListing });
    const [holder, client] = [await connect(), await connect()];
    await writeIntoAll(holder, ['vehicle']);
    const child = spawn(process.execPath, [BINARY, 'migrate', '--database-url', url], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await until(async () => child.exitCode !== null || (await indexesOf(client, false)).length > 0);
    await kill(child, 'SIGKILL');
    await ended;
    expect(await indexesOf(client, false)).toEqual(['vehicle_by_fingerprint']);
    expect((await databaseState(store)).missing).toContain('011-listing');
    return { holder, client };
  }

  async function expectWhole({ store }: Subject, client: Client): Promise<void> {
    expect(await indexesOf(client, false)).toEqual([]);
    expect(await indexesOf(client, true)).toContain('vehicle_by_fingerprint');
    expect(await databaseState(store)).toMatchObject({ missing: [], unknown: [] });
    const { rows } = await client.query<{ name: string }>('select name from migration');
    expect(rows.map(({ name }) => name).sort()).toEqual([...allNames].sort());
  }

  test('ok/an index that a lost connection left half-built is built again', async () => {
    const data = await subject();
    const { holder, client } = await killedHalfWay(data);
    // Of this database alone: other suites build indexes beside it.
    const { rows } = await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and state = 'active' and query like 'create index%'`,
    );
    expect(rows).toHaveLength(1);
    await holder.query('rollback');
    await migrate(data.store, quick);
    await expectWhole(data, client);
  });

  test('ok/an index that the server still builds for a process that is gone is waited for', async () => {
    const data = await subject();
    const { holder, client } = await killedHalfWay(data);
    const heard: string[] = [];
    const migrating = migrate(data.store, { ...quick, note: (message) => heard.push(message) });
    await until(() => heard.some((message) => message.includes('waits for a table')));
    await holder.query('rollback');
    await migrating;
    await expectWhole(data, client);
  });

  test('ok/tables that are there are not made again when the indexes behind them are missing', async () => {
    const { store, connect } = await subject();
    await migrate(store);
    const client = await connect();
    await client.query('drop index webhook_delivery_not_taken');
    await client.query("update migration set name = name || ': tables' where name = '012-overview'");
    expect(await databaseState(store)).toMatchObject({ missing: ['012-overview'], unknown: [] });
    expect(await migrate(store)).toEqual(['012-overview']);
    expect(await indexesOf(client, true)).toContain('webhook_delivery_not_taken');
  });
});
