/** `npm run bench:scale`: installations and lookups while the pools grow, on PostgreSQL. `--help` lists the options. */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Ceiling, startCeiling } from './ceiling.ts';
import { type BenchDatabase, createPostgresql, postgresqlAtHand } from './databases.ts';
import { type Figure, percentile, type Section } from './figures.ts';
import { databaseMegabytes, fill, fillerNumber } from './filling.ts';
import { type Fleet, makeFleet } from './fleet.ts';
import { getRequest, load } from './http-load.ts';
import { Leftovers } from './leftovers.ts';
import { addParty } from './party.ts';
import { type PlugpoolProcess, startPlugpool } from './plugpool-process.ts';
import { cpuMicroseconds, residentMegabytes } from './process-cost.ts';
import { commitAtHand, keep, rendered, scalePlace } from './results.ts';

const USAGE = `npm run bench:scale -- [OPTIONS]

  --sizes N,…       contracts in the pools, smallest first (10000,100000); a million needs 12 GB of disk
  --seconds N       of each measurement (5)
  --machine TEXT    how the table names this machine
  --keep            puts the result into bench/README.md
`;

/** Connections, and so requests on their way at any time. */
const AT_ONCE = 16;
const MOST_GROWTH = 1.2;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,100000' },
    seconds: { type: 'string', default: '5' },
    machine: { type: 'string', default: `${availableParallelism()} ${process.arch} cores` },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const sizes = options.sizes.split(',').map(Number);
  const seconds = Number(options.seconds);
  if (![...sizes, seconds].every((value) => Number.isInteger(value) && value > 0)) throw new Error(USAGE);
  const postgresql = await postgresqlAtHand();
  if (postgresql === undefined) throw new Error('no PostgreSQL on this machine: set DATABASE_URL');
  const leftovers = new Leftovers();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => leftovers.removeAll().finally(() => process.exit(1)));
  }
  const before = loadavg()[0] ?? Number.NaN;
  try {
    const database = await createPostgresql(postgresql.url, leftovers);
    const sections = await atSizes(sizes, seconds, database, leftovers);
    const run = {
      date: new Date().toISOString().slice(0, 10),
      commit: commitAtHand(),
      machine: options.machine,
      load: before,
      node: process.versions.node,
      postgresql: postgresql.version,
      sections,
    };
    process.stdout.write(`\n${rendered(run)}`);
    if (options.keep) await keep(run, scalePlace);
  } finally {
    await leftovers.removeAll();
  }
}

async function atSizes(
  sizes: readonly number[],
  seconds: number,
  database: BenchDatabase,
  leftovers: Leftovers,
): Promise<Section[]> {
  if (database.kind !== 'PostgreSQL') throw new Error('pools of this size are for PostgreSQL');
  const server = await startPlugpool({ database, leftovers, auth: 'oauth2' });
  const fleet = await makeFleet(server.url, 'ISO15118-2', await addParty(server.url, database));
  const ceiling = await startCeiling({ edition: fleet.edition, database, emaids: fleet.emaids }, leftovers);
  const sections: Section[] = [];
  const firstLatency = new Map<string, number>();
  let filled = 0;
  for (const size of sizes) {
    await fill(database.url, fleet.pcids[0] ?? '', filled, size);
    filled = size;
    const figures: Figure[] = [];
    for (const [name, next] of Object.entries(requestsOf(fleet, size))) {
      process.stderr.write(`  ${name} …\n`);
      const measured = await measure(server, name === 'install' ? ceiling : undefined, next, seconds);
      const p99 = percentile(measured.latencies, 99);
      const first = firstLatency.get(name);
      firstLatency.set(name, first ?? p99);
      const growth: Figure = { name: `${name}, p99 to that of the first`, value: p99 / (first ?? p99), unit: '×' };
      figures.push(...measured.figuresNamed(name));
      if (first !== undefined) figures.push({ ...growth, target: { atMost: MOST_GROWTH } });
    }
    figures.push({ name: 'memory of the replica under load', value: residentMegabytes(server.pid), unit: 'MB' });
    figures.push({ name: 'database with its indexes', value: await databaseMegabytes(database.url), unit: 'MB' });
    sections.push({ title: `${size.toLocaleString('en')} contracts`, figures });
  }
  await server.stop();
  return sections;
}

/** The fleet installs in turn; what is looked up is anywhere in the pools. */
function requestsOf({ installRequests, token }: Fleet, size: number): Record<string, () => Buffer> {
  let turn = 0;
  const any = () => fillerNumber(Math.floor(Math.random() * size));
  return {
    install: () => installRequests[turn++ % installRequests.length] ?? Buffer.alloc(0),
    'contracts by EMAID': () => getRequest(`/opnc/v1/ccp/contractData/emaid/${any().emaid}`, token),
    'contracts by PCID': () => getRequest(`/opnc/v1/ccp/contractData/pcid/${any().pcid}`, token),
    'is the vehicle known': () => getRequest(`/opnc/v1/pcp/lookupvehicle/${any().pcid}`, token),
  };
}

interface Measured {
  readonly latencies: Float64Array;
  figuresNamed(name: string): Figure[];
}

/** After a round that warms up; the ceiling right before. */
async function measure(
  server: PlugpoolProcess,
  ceiling: Ceiling | undefined,
  next: () => Buffer,
  seconds: number,
): Promise<Measured> {
  const run = (port: number, duration: number) =>
    load({ port, connections: AT_ONCE, seconds: duration, next, expectedStatus: 200 });
  await run(server.port, seconds);
  if (ceiling !== undefined) await run(ceiling.port, seconds / 2);
  const bare = ceiling && (await run(ceiling.port, seconds));
  const cpu = cpuMicroseconds(server.pid);
  const done = await run(server.port, seconds);
  const each = (cpuMicroseconds(server.pid) - cpu) / done.requests;
  const latency = (name: string, percent: number): Figure => {
    const value = percentile(done.latencies, percent);
    const below = bare && percentile(bare.latencies, percent);
    return {
      name: `${name}, p${percent}`,
      value,
      unit: 'ms',
      ...(below !== undefined && { ceiling: { value: below, ratio: below / value } }),
    };
  };
  return {
    latencies: done.latencies,
    figuresNamed: (name) => [
      latency(name, 50),
      latency(name, 99),
      { name: `${name}, throughput`, value: done.requests / done.seconds, unit: 'requests/s' },
      { name: `${name}, CPU of the server`, value: each, unit: 'µs' },
    ],
  };
}
