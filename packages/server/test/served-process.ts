/** `plugpool serve` as a process of its own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export const BINARY = new URL('../bin/plugpool.js', import.meta.url).pathname;

export interface ServedProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything it has printed so far. */
  printed(): string;
}

/** Removed when the test has finished. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface ServedBy {
  /** Another version of it. */
  readonly program?: string;
  /** A free one where it is left out. */
  readonly port?: number;
}

/** Killed when the test has finished. */
export async function serve(
  data: string,
  env: Record<string, string> = {},
  { program = BINARY, port = 0 }: ServedBy = {},
): Promise<ServedProcess> {
  const argv = ['serve', '--data', data, '--port', String(port), '--log-level', 'trace'];
  const child = spawn(process.execPath, [program, ...argv], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => chunks.push(text));
  onTestFinished(async () => {
    await kill(child, 'SIGKILL');
  });
  const printed = () => chunks.join('');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /^ {2}OPNC +(http:\S+)\/opnc/m.exec(printed());
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready: ${printed()}`)));
  });
  return { url, process: child, printed };
}

/** Ends the process; its exit code. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code]: [number | null] = await ended.then(([first]) => [typeof first === 'number' ? first : null]);
  return code;
}
