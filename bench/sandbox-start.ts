/** How long the first command of the quick start takes, and what it leaves in memory. */
import { setTimeout as pause } from 'node:timers/promises';
import { createSqlite } from './databases.ts';
import { median, type Section } from './figures.ts';
import type { Leftovers } from './leftovers.ts';
import { startPlugpool } from './plugpool-process.ts';
import { residentMegabytes } from './process-cost.ts';

const SETTLE_MS = 500;

/** Each round begins with an empty folder and starts the server on it twice. */
export async function benchSandboxStart(rounds: number, leftovers: Leftovers): Promise<Section> {
  const first: Start[] = [];
  const second: Start[] = [];
  for (let round = 0; round < rounds; round++) {
    const database = await createSqlite(leftovers);
    for (const starts of [first, second]) {
      const server = await startPlugpool({ database, leftovers });
      await pause(SETTLE_MS);
      starts.push({ seconds: server.startMilliseconds / 1000, megabytes: residentMegabytes(server.pid) });
      await server.stop();
    }
  }
  const over = (starts: readonly Start[], what: keyof Start) => median(starts.map((start) => start[what]));
  return {
    title: 'Sandbox',
    figures: [
      { name: 'ready, first start', value: over(first, 'seconds'), unit: 's', target: { atMost: 2 } },
      { name: 'ready, later starts', value: over(second, 'seconds'), unit: 's', target: { atMost: 0.5 } },
      {
        name: 'resident memory, first start',
        value: over(first, 'megabytes'),
        unit: 'MB',
        target: { atMost: 150 },
      },
      {
        name: 'resident memory, later starts',
        value: over(second, 'megabytes'),
        unit: 'MB',
        target: { atMost: 150 },
      },
    ],
  };
}

interface Start {
  readonly seconds: number;
  readonly megabytes: number;
}
