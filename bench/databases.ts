/** The databases to measure on: a fresh SQLite folder, and a fresh database on the PostgreSQL server at hand. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
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
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  return { url, version: rows[0]?.server_version.split(' ')[0] ?? 'of unknown version' };
}

export async function createSqlite(leftovers: Leftovers): Promise<BenchDatabase> {
  return { kind: 'SQLite', dataDirectory: await temporaryFolder(leftovers) };
}

/** A database of its own on the server, dropped in the end. */
export async function createPostgresql(serverUrl: string, leftovers: Leftovers): Promise<BenchDatabase> {
  const name = `plugpool_bench_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name}`);
  leftovers.add(() => onServer(serverUrl, `drop database if exists ${name} with (force)`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { kind: 'PostgreSQL', dataDirectory: await temporaryFolder(leftovers), url: url.href };
}

export async function temporaryFolder(leftovers: Leftovers): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-bench-'));
  leftovers.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
