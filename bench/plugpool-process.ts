/** The server as users run it: `plugpool serve` in a process of its own, with its defaults. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../tools/local-port.ts';
import type { BenchDatabase } from './databases.ts';
import type { Leftovers } from './leftovers.ts';

export interface PlugpoolProcess {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** From the start of the process to the first good answer of `/health/ready`. */
  readonly startMilliseconds: number;
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly database: BenchDatabase;
  readonly leftovers: Leftovers;
  /** Folder for a CPU profile, written when the process ends. */
  readonly profileTo?: string | undefined;
  /** Left out, nobody is asked who he is, as in the sandbox. */
  readonly auth?: 'oauth2' | undefined;
}

export const program = fileURLToPath(new URL('../packages/server/bin/plugpool.js', import.meta.url));
const START_LIMIT_MS = 30_000;
const POLL_MS = 5;

export async function startPlugpool(options: StartOptions): Promise<PlugpoolProcess> {
  const { database, leftovers, profileTo, auth = 'none' } = options;
  const port = await freePort();
  const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`];
  const serve = ['serve', ...locationOf(database), '--port', String(port), '--auth', auth];
  const started = performance.now();
  const child = spawn(process.execPath, [...profiling, program, ...serve], {
    // Its log goes the way of a log nobody watches; it is written all the same.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: ownEnvironment(),
  });
  const stop = () => ended(child);
  leftovers.add(stop);
  await untilReady(port, child);
  const startMilliseconds = performance.now() - started;
  const { pid } = child;
  if (pid === undefined) throw new Error('the server has no process id');
  return { pid, port, url: `http://127.0.0.1:${port}`, startMilliseconds, stop };
}

/** As the server and every command are told where the data is. */
export function locationOf(database: BenchDatabase): string[] {
  const where = database.kind === 'PostgreSQL' ? ['--database-url', database.url] : [];
  return ['--data', database.dataDirectory, ...where];
}

/** What is set for another server of the user's must not change what is measured. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(PLUGPOOL_.*|DATABASE_URL|PORT|HOST|NODE_OPTIONS)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode} before it was ready`);
    if (performance.now() > deadline) throw new Error(`the server is not ready after ${START_LIMIT_MS} ms`);
    await pause(POLL_MS);
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health/ready', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('error', () => resolve(false));
  });
}
