/** The ceiling beside what is measured: a process of its own, started and asked from here. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Edition } from '@plugpool/iso15118';
import type { BenchDatabase } from './databases.ts';
import type { Leftovers } from './leftovers.ts';

export interface CeilingTask {
  /** Tells the curve. */
  readonly edition: Edition;
  readonly database: BenchDatabase;
  /** Contracts whose responses it reads, in turn. */
  readonly emaids: readonly string[];
}

/** What the process says: first its port, then the outcome of each order. */
export type CeilingReport =
  | { readonly port: number }
  | {
      readonly operations: number;
      readonly seconds: number;
    };

export interface Ceiling {
  readonly pid: number;
  /** Takes the requests of an installation. */
  readonly port: number;
  /** Does the inevitable part of generate and sign for so long, so many at once. */
  generate(seconds: number, atOnce: number): Promise<{ readonly operations: number; readonly seconds: number }>;
}

export async function startCeiling(task: CeilingTask, leftovers: Leftovers): Promise<Ceiling> {
  const file = fileURLToPath(new URL('./ceiling-process.ts', import.meta.url));
  const child = fork(file, [JSON.stringify(task)], { execArgv: [] });
  leftovers.add(async () => {
    if (child.exitCode !== null || !child.connected) return;
    const exit = once(child, 'exit');
    child.disconnect();
    await exit;
  });
  const nextReport = () =>
    new Promise<CeilingReport>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the process of the ceiling ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (message: CeilingReport) => {
        child.off('exit', ended);
        resolve(message);
      });
    });
  const first = await nextReport();
  const { pid } = child;
  if (!('port' in first) || pid === undefined) throw new Error('the process of the ceiling did not say its port');
  return {
    pid,
    port: first.port,
    async generate(seconds, atOnce) {
      const outcome = nextReport();
      child.send({ seconds, atOnce });
      const report = await outcome;
      if (!('operations' in report)) throw new Error('the process of the ceiling answered something else');
      return report;
    },
  };
}
