/** PostgreSQL servers of a test's own, made from the machine's programs, to be stopped, cut off and replaced. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync } from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { freePort } from '../../../../tools/local-port.ts';

const folders = globSync('/usr/lib/postgresql/*/bin').sort();
const programs = folders.findLast((folder) => existsSync(join(folder, 'initdb')));
/** PostgreSQL does not run as root. */
const user = process.getuid?.() === 0 ? userNamed('postgres') : undefined;

/** Why there can be none here; undefined where there can. */
export const noCluster =
  programs === undefined
    ? "PostgreSQL's programs are not in /usr/lib/postgresql"
    : process.getuid?.() === 0 && user === undefined
      ? 'there is no user postgres to run it as'
      : undefined;

export interface PostgresqlServer {
  readonly port: number;
  /** Of the database that is made for the test. */
  readonly url: string;
  /** As an administrator does: connections are ended, what is committed is on the disk. */
  stop(): Promise<void>;
  /** As a loss of power does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** A copy that follows this server, and takes no writes; synchronous, so that what is acknowledged is there as well. */
  standby(): Promise<PostgresqlServer>;
  /** Makes a standby take writes. */
  promote(): Promise<void>;
}

/** Running, with an empty database; gone when the test has finished. */
export async function postgresqlServer(options: { readonly folder?: string } = {}): Promise<PostgresqlServer> {
  const data = options.folder ?? (await newFolder());
  run('initdb', ['--pgdata', data, '--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync']);
  const server = await serverIn(data);
  await server.start();
  const client = new Client({ connectionString: urlOf(server.port, 'postgres') });
  await client.connect();
  await client.query('create database plugpool');
  await client.end();
  return server;
}

async function serverIn(data: string): Promise<PostgresqlServer> {
  const port = await freePort();
  let process: ChildProcess | undefined;
  await appendFile(
    join(data, 'postgresql.conf'),
    `\nport = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '${data}'\nmax_connections = 60\nshared_buffers = 16MB\n`,
  );
  const end = async (signal: NodeJS.Signals) => {
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    // SIGQUIT to the first process is what ends its children as well, without a word to anybody.
    process.kill(signal);
    await ended;
  };
  onTestFinished(() => end('SIGQUIT'));
  return {
    port,
    url: urlOf(port, 'plugpool'),
    stop: () => end('SIGINT'),
    kill: () => end('SIGQUIT'),
    async start() {
      process = spawn(program('postgres'), ['-D', data], { ...user, stdio: 'ignore' });
      await untilAnswers(port, process);
    },
    async standby() {
      const copy = await newFolder();
      await rm(copy, { recursive: true });
      const from = ['--host=127.0.0.1', `--port=${port}`, '--username=postgres'];
      run('pg_basebackup', ['--pgdata', copy, ...from, '--write-recovery-conf', '--checkpoint=fast', '--no-sync']);
      await appendFile(
        join(copy, 'postgresql.auto.conf'),
        `primary_conninfo = 'host=127.0.0.1 port=${port} user=postgres application_name=standby'\n`,
      );
      const follower = await serverIn(copy);
      await follower.start();
      await statement(port, "alter system set synchronous_standby_names = 'standby'");
      await statement(port, 'select pg_reload_conf()');
      for (;;) {
        const [row] = await statement(port, 'select sync_state from pg_stat_replication');
        if (row?.['sync_state'] === 'sync') return follower;
        await wait(50);
      }
    },
    async promote() {
      await statement(port, "alter system set synchronous_standby_names = ''");
      await statement(port, 'select pg_promote()');
    },
  };
}

async function untilAnswers(port: number, process: ChildProcess): Promise<void> {
  while (process.exitCode === null && process.signalCode === null) {
    try {
      await statement(port, 'select 1');
      return;
    } catch {
      // Not yet.
      await wait(50);
    }
  }
  throw new Error(`PostgreSQL ended with ${process.exitCode} at its start`);
}

async function statement(port: number, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: urlOf(port, 'postgres') });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-postgresql-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Hands a folder over to whom PostgreSQL runs as. */
export function giveToPostgresql(folder: string): void {
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

function run(name: string, argv: readonly string[]): void {
  execFileSync(program(name), argv, { ...user, stdio: 'pipe', cwd: tmpdir() });
}

function program(name: string): string {
  return join(programs ?? '', name);
}

function urlOf(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

function userNamed(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
