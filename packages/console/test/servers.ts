/** Real servers behind the console, each of its own on an empty folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../tools/local-port.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const plugpool = join(root, 'packages/server/bin/plugpool.js');

export interface ConsoleServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface Played extends ConsoleServer {
  /** Folders with the messages of a life in either edition. */
  readonly messages2: string;
  readonly messages20: string;
}

/** Nobody is asked who he is, and nothing has happened yet. */
export function sandbox(): Promise<ConsoleServer> {
  return startedServer([]);
}

/** A sandbox in which a life was played in each edition. */
export async function playedServer(): Promise<Played> {
  const { url, folder, close } = await startedServer([]);
  const play = (edition: string) => {
    const saved = join(folder, edition);
    playLife(url, '--edition', edition, '--save', saved);
    return saved;
  };
  return { url, messages2: play('ISO15118-2'), messages20: play('ISO15118-20'), close };
}

/** One more life of a contract. */
export function playLife(url: string, ...options: readonly string[]): void {
  run(['demo', url, ...options]);
}

export interface Guarded extends ConsoleServer {
  /** Runs a command of `plugpool` on the server's data. Returns what it prints as JSON. */
  command(...argv: string[]): unknown;
}

/** A server that asks who one is; nobody has an account yet. */
export async function guardedServer(options: readonly string[] = [], port?: number): Promise<Guarded> {
  const { url, folder, close } = await startedServer(['--auth', 'oauth2', ...options], port);
  const where = ['--data', join(folder, 'data')];
  return {
    url,
    command: (...argv) => {
      const printed = run([...argv, ...where], { PLUGPOOL_PUBLIC_URL: url });
      return argv.includes('--json') ? JSON.parse(printed) : printed;
    },
    close,
  };
}

/** Builds the console when its sources are newer, and starts a server on an empty folder. */
async function startedServer(options: readonly string[], port?: number) {
  execFileSync(process.execPath, [join(root, 'tools/build-console.ts')], { stdio: 'pipe' });
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-console-'));
  const chosen = port ?? (await freePort());
  const where = [
    '--port',
    String(chosen),
    '--public-url',
    `http://127.0.0.1:${chosen}`,
    '--data',
    join(folder, 'data'),
  ];
  const args = [plugpool, 'serve', ...where, '--log-level', 'warn', ...options];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment() });
  return {
    url: await urlSaidBy(server),
    folder,
    async close() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function run(argv: readonly string[], more: NodeJS.ProcessEnv = {}): string {
  const env = { ...environment(), ...more };
  return execFileSync(process.execPath, [plugpool, ...argv], { stdio: 'pipe', env }).toString();
}

/** Without a database of PostgreSQL: what the console shows is the same on both. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...rest } = process.env;
  return rest;
}

async function urlSaidBy(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const part of server.stdout ?? []) {
    said += String(part);
    const url = /OPNC +(http:\/\/[^/\s]+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server did not start: ${said}`);
}
