/** The databases to measure on: a fresh SQLite folder, and a fresh database on the PostgreSQL server at hand. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { createDatabase, queried } from '../tools/postgresql-query.ts';
import type { Leftovers } from './leftovers.ts';

export type BenchDatabase =
  | { readonly kind: 'SQLite'; readonly dataDirectory: string }
  | { readonly kind: 'PostgreSQL'; readonly dataDirectory: string; readonly url: string };

const DEFAULT_POSTGRESQL = 'postgres://postgres@127.0.0.1:5432/postgres';

/** `DATABASE_URL`, or the usual local server; undefined when nobody answers there, or it is on another machine. */
export async function postgresqlAtHand(): Promise<{ readonly url: string; readonly version: string } | undefined> {
  const url = process.env['DATABASE_URL'] ?? DEFAULT_POSTGRESQL;
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)) return undefined;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
  } catch {
    return undefined;
  }
  await client.end();
  return { url, version: await versionAt(url) };
}

/** Of the PostgreSQL server, without what its packager adds. */
export async function versionAt(url: string): Promise<string> {
  const [row] = await queried(url, 'show server_version');
  const version = row?.['server_version'];
  return (typeof version === 'string' ? version.split(' ')[0] : undefined) ?? 'of unknown version';
}

export async function createSqlite(leftovers: Leftovers): Promise<BenchDatabase> {
  return { kind: 'SQLite', dataDirectory: await temporaryFolder(leftovers) };
}

/** A database of its own on the server, dropped in the end. */
export async function createPostgresql(serverUrl: string, leftovers: Leftovers): Promise<BenchDatabase> {
  const { url, drop } = await createDatabase(serverUrl, 'plugpool_bench');
  leftovers.add(drop);
  return { kind: 'PostgreSQL', dataDirectory: await temporaryFolder(leftovers), url };
}

export async function temporaryFolder(leftovers: Leftovers): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-bench-'));
  leftovers.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
