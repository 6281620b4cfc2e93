/** Install by request and generate and sign, over HTTP, each against its ceiling. */
import type { Edition } from '@plugpool/iso15118';
import { type Ceiling, startCeiling } from './ceiling.ts';
import type { BenchDatabase } from './databases.ts';
import { type Figure, median, percentile, type Section } from './figures.ts';
import { type Fleet, generateOrders, makeFleet } from './fleet.ts';
import { type Answered, load } from './http-load.ts';
import type { Leftovers } from './leftovers.ts';
import { addParty } from './party.ts';
import { type PlugpoolProcess, startPlugpool } from './plugpool-process.ts';
import { cpuMicroseconds, residentMegabytes } from './process-cost.ts';

export type Operation = keyof typeof OPERATIONS;

export interface ContractBench {
  readonly edition: Edition;
  /** Measured one after the other, on one server. */
  readonly operations: readonly Operation[];
  readonly database: BenchDatabase;
  readonly rounds: number;
  /** Of each measurement; a round has two. */
  readonly seconds: number;
  readonly leftovers: Leftovers;
  readonly profileTo?: string | undefined;
}

/** Connections, and so requests on their way at any time. */
const AT_ONCE = 16;

/**
 * Both processes get to compile what they run often. The server has much more of it: in its first half minute a sixth of its
 * time is that, later next to nothing.
 */
const WARM_UP = 10;

const OPERATIONS = {
  install: { title: 'Install by request', ratioAtLeast: 0.6 },
  generate: { title: 'Generate and sign', ratioAtLeast: 0.5 },
} as const;

export async function benchContracts(bench: ContractBench): Promise<Section[]> {
  const { edition, operations, database, rounds, seconds, leftovers, profileTo } = bench;
  const server = await startPlugpool({ database, leftovers, profileTo, auth: 'oauth2' });
  const fleet = await makeFleet(server.url, edition, await addParty(server.url, database));
  const ceiling = await startCeiling({ edition, database, emaids: fleet.emaids }, leftovers);
  const pairs = pairsOf(server, ceiling, fleet);
  const sections: Section[] = [];
  for (const operation of operations) {
    const { title, ratioAtLeast } = OPERATIONS[operation];
    await pairs[operation].ceiling(seconds);
    await pairs[operation].own(seconds * WARM_UP);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await measure(server, ceiling, pairs[operation], seconds));
    }
    const figures = figuresOf(measured, residentMegabytes(server.pid), ratioAtLeast);
    sections.push({ title: `${title}, ${edition}, ${database.kind}`, figures });
  }
  // In order, so that its profile gets written.
  await server.stop();
  return sections;
}

interface Pair {
  readonly own: (seconds: number) => Promise<Answered>;
  readonly ceiling: (seconds: number) => Promise<Work>;
}

type Work = Pick<Answered, 'requests' | 'seconds'>;

function pairsOf(server: PlugpoolProcess, ceiling: Ceiling, fleet: Fleet): Record<Operation, Pair> {
  let turn = 0;
  const installRequests = () => fleet.installRequests[turn++ % fleet.installRequests.length] ?? Buffer.alloc(0);
  const orders = generateOrders(fleet);
  return {
    install: {
      own: (seconds) => run(server.port, seconds, installRequests, 200),
      ceiling: (seconds) => run(ceiling.port, seconds, installRequests, 200),
    },
    generate: {
      own: (seconds) => run(server.port, seconds, orders, 201),
      async ceiling(seconds) {
        const { operations, ...rest } = await ceiling.generate(seconds, AT_ONCE);
        return { requests: operations, ...rest };
      },
    },
  };
}

function run(port: number, seconds: number, next: () => Buffer, expectedStatus: number): Promise<Answered> {
  return load({ port, connections: AT_ONCE, seconds, next, expectedStatus });
}

interface Cost {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

interface Round {
  readonly own: Cost;
  readonly ceiling: Cost;
  /** Milliseconds. */
  readonly latencies: Float64Array;
}

/** Ceiling and operation one right after the other, so that the machine's mood hits both alike. */
async function measure(server: PlugpoolProcess, ceiling: Ceiling, pair: Pair, seconds: number): Promise<Round> {
  const ofCeiling = await costOf(ceiling.pid, () => pair.ceiling(seconds));
  const ofServer = await costOf(server.pid, () => pair.own(seconds));
  return { own: ofServer.cost, ceiling: ofCeiling.cost, latencies: ofServer.done.latencies };
}

async function costOf<W extends Work>(pid: number, work: () => Promise<W>): Promise<{ done: W; cost: Cost }> {
  const before = cpuMicroseconds(pid);
  const done = await work();
  const used = cpuMicroseconds(pid) - before;
  return { done, cost: { perSecond: done.requests / done.seconds, cpuMicroseconds: used / done.requests } };
}

function figuresOf(rounds: readonly Round[], resident: number, ratioAtLeast: number): Figure[] {
  const over = (value: (round: Round) => number) => median(rounds.map(value));
  const latency = (percent: number): Figure => ({
    name: `p${percent}, ${AT_ONCE} at once`,
    value: over(({ latencies }) => percentile(latencies, percent)),
    unit: 'ms',
  });
  return [
    {
      name: 'CPU of the server',
      value: over(({ own }) => own.cpuMicroseconds),
      unit: 'µs',
      ceiling: {
        value: over(({ ceiling }) => ceiling.cpuMicroseconds),
        ratio: over(({ own, ceiling }) => ceiling.cpuMicroseconds / own.cpuMicroseconds),
      },
      target: { ratioAtLeast },
    },
    {
      name: 'throughput',
      value: over(({ own }) => own.perSecond),
      unit: 'requests/s',
      ceiling: {
        value: over(({ ceiling }) => ceiling.perSecond),
        ratio: over(({ own, ceiling }) => own.perSecond / ceiling.perSecond),
      },
    },
    latency(50),
    latency(95),
    latency(99),
    { name: 'resident memory afterwards', value: resident, unit: 'MB' },
  ];
}
