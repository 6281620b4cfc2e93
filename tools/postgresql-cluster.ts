/** PostgreSQL servers of one's own, from the machine's programs, for tests and measurements. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, globSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { queried } from './postgresql-query.ts';

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

export interface PostgresqlProcess {
  readonly pid: number;
  /** Resolves when it takes connections; throws when it ends instead. */
  untilAnswers(): Promise<void>;
  /** As an administrator does: connections are ended, what is committed is on the disk. */
  stop(): Promise<void>;
  /** As a loss of power does. */
  kill(): Promise<void>;
}

/** Makes the files of a server that trusts its superuser `postgres`, in a folder that is empty or not there. */
export function makeCluster(folder: string, flags: readonly string[] = []): void {
  mkdirSync(folder, { recursive: true });
  giveToPostgresql(folder);
  const usual = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'];
  runProgram('initdb', ['--pgdata', folder, ...usual, ...flags]);
}

/**
 * Starts the server on its files, at 127.0.0.1 only.
 * @param settings as in `postgresql.conf`, which they go before
 */
export function startPostgresql(
  folder: string,
  port: number,
  settings: Readonly<Record<string, string | number>>,
): PostgresqlProcess {
  const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings };
  const given = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program('postgres'), ['-D', folder, ...given], { ...user, stdio: 'ignore', cwd: '/' });
  const { pid } = child;
  if (pid === undefined) throw new Error('PostgreSQL has no process id');
  return {
    pid,
    untilAnswers: () => untilAnswers(port, child),
    stop: () => ended(child, 'SIGINT'),
    // To the first process it is what ends its children as well, without a word to anybody.
    kill: () => ended(child, 'SIGQUIT'),
  };
}

/** @param database a database in it, which may not be there yet */
export function clusterUrl(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

/** One of the programs that come with the server, as the user that it runs as. Throws what it ends with. */
export function runProgram(name: string, argv: readonly string[]): void {
  execFileSync(program(name), argv, { ...user, stdio: 'pipe', cwd: '/' });
}

/** Hands a folder over to whom PostgreSQL runs as. */
export function giveToPostgresql(folder: string): void {
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
}

async function untilAnswers(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    try {
      await queried(clusterUrl(port, 'postgres'), 'select 1');
      return;
    } catch {
      // Not yet.
      await pause(50);
    }
  }
  throw new Error(`PostgreSQL ended with ${child.exitCode} at its start`);
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

function program(name: string): string {
  if (programs === undefined || noCluster !== undefined) throw new Error(`no PostgreSQL of one's own: ${noCluster}`);
  return join(programs, name);
}

function userNamed(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
