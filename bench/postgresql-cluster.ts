/** A PostgreSQL of the benchmark's own, from the machine's programs, with the settings that `docs/operations.md` advises. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdirSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../tools/local-port.ts';
import type { Leftovers } from './leftovers.ts';

export interface Cluster {
  readonly pid: number;
  readonly version: string;
  /** @param database a database in it, which may not be there yet */
  url(database: string): string;
  /** In order: what is written is on the disk. */
  stop(): Promise<void>;
}

/** A quarter of the memory, as advised, but not more than a machine that does other things as well can spare. */
const SHARED_BUFFERS_MB = Math.min(4096, Math.floor(totalmem() / 2 ** 20 / 4));

const SETTINGS = {
  /** As in production; the rest is as PostgreSQL has it. */
  serving: { max_wal_size: '4GB' },
  /** What a crash takes away is filled in again. */
  loading: {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    // What goes into a new file is then not written a second time, into the log.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    autovacuum: 'off',
    maintenance_work_mem: '1GB',
    max_parallel_maintenance_workers: '0',
    max_parallel_workers_per_gather: '0',
  },
} as const;

/** Makes it when the folder is empty or not there. */
export async function startCluster(folder: string, use: keyof typeof SETTINGS, leftovers: Leftovers): Promise<Cluster> {
  const user = userOfPostgresql();
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    mkdirSync(folder, { recursive: true });
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const flags = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
    execFileSync(program('initdb'), ['--pgdata', folder, ...flags], { ...user, stdio: 'pipe', cwd: '/' });
  }
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: `${SHARED_BUFFERS_MB}MB`,
    ...SETTINGS[use],
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program('postgres'), ['-D', folder, ...given], { ...user, stdio: 'ignore', cwd: '/' });
  const stop = () => ended(child);
  leftovers.add(stop);
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const version = await versionWhenReady(url('postgres'), child);
  const { pid } = child;
  if (pid === undefined) throw new Error('PostgreSQL has no process id');
  return { pid, version, url, stop };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // "Fast": connections are ended, what is committed is written.
  child.kill('SIGINT');
  await exit;
}

async function versionWhenReady(url: string, child: ChildProcess): Promise<string> {
  while (child.exitCode === null && child.signalCode === null) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
    } catch {
      // Not yet.
      await pause(50);
      continue;
    }
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    await client.end();
    return rows[0]?.server_version.split(' ')[0] ?? 'of unknown version';
  }
  throw new Error(`PostgreSQL ended with ${child.exitCode} at its start`);
}

function program(name: string): string {
  const found = globSync(`/usr/lib/postgresql/*/bin/${name}`).sort().at(-1);
  if (found === undefined) throw new Error(`${name} is not under /usr/lib/postgresql: install PostgreSQL's programs`);
  return found;
}

/** PostgreSQL does not run as root. */
function userOfPostgresql(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
