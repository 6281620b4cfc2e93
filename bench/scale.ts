/** `npm run bench:scale`: installations and lookups while the pools grow, on PostgreSQL. `--help` lists the options. */
import { chmod } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { temporaryFolder } from './databases.ts';
import type { Section } from './figures.ts';
import { type Measuring, measureGrowth, openPool, type SteadyRates } from './growth.ts';
import { Leftovers } from './leftovers.ts';
import { startCluster } from './postgresql-cluster.ts';
import { commitAtHand, keep, rendered, scalePlace } from './results.ts';
import { clusterFolder, preparePools, type SizedPools } from './sized-pools.ts';

const USAGE = `npm run bench:scale -- [OPTIONS]

  --sizes N,…       contracts in the pools, smallest first (2000,50000); a million takes 16 GB of disk
  --fleet N         vehicles that install, the same in pools of every size (500)
  --data FOLDER     keeps the filled pools there, and uses those that are there
  --fill-only       fills and measures nothing
  --seconds N       of each measurement (5)
  --rounds N        of each operation in pools of each size (5)
  --machine TEXT    how the table names this machine
  --keep            puts the result into bench/README.md
`;

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '2000,50000' },
    fleet: { type: 'string', default: '500' },
    data: { type: 'string' },
    'fill-only': { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '5' },
    machine: { type: 'string', default: `${availableParallelism()} ${process.arch} cores` },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const sizes = options.sizes.split(',').map(Number);
  const [fleet, seconds, rounds] = [Number(options.fleet), Number(options.seconds), Number(options.rounds)];
  const numbers = [...sizes, fleet, seconds, rounds];
  if (!numbers.every((value) => Number.isInteger(value) && value > 0) || sizes.some((size) => size < fleet)) {
    throw new Error(USAGE);
  }
  const leftovers = new Leftovers();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => leftovers.removeAll().finally(() => process.exit(1)));
  }
  try {
    const folder = options.data ?? (await temporaryFolder(leftovers));
    // For PostgreSQL, which does not run as root and has its own folder in there.
    if (options.data === undefined) await chmod(folder, 0o711);
    const pools = await preparePools(folder, sizes, fleet, leftovers);
    if (options['fill-only']) return;
    const load = loadavg()[0] ?? Number.NaN;
    const { postgresql, sections } = await measured(pools, sizes, { seconds, rounds }, leftovers);
    const run = {
      date: new Date().toISOString().slice(0, 10),
      commit: commitAtHand(),
      machine: options.machine,
      load,
      node: process.versions.node,
      postgresql,
      sections,
    };
    process.stdout.write(`\n${rendered(run)}`);
    if (options.keep) await keep(run, scalePlace);
  } finally {
    await leftovers.removeAll();
  }
}

/** The smallest pools beside each of the others in turn: the memory of the machine is for two. */
async function measured(
  pools: SizedPools,
  [smallest = 0, ...others]: readonly number[],
  measuring: Measuring,
  leftovers: Leftovers,
): Promise<{ readonly postgresql: string; readonly sections: Section[] }> {
  const cluster = await startCluster(clusterFolder(pools), 'serving', leftovers);
  const rates: SteadyRates = new Map();
  const sections: Section[] = [];
  for (const size of others.length === 0 ? [undefined] : others) {
    const sizes = size === undefined ? [smallest] : [smallest, size];
    process.stderr.write(`${sizes.map((each) => each.toLocaleString('en')).join(' and ')} contracts\n`);
    const opened = [];
    for (const each of sizes) opened.push(await openPool(pools, each, cluster, leftovers));
    const figures = await measureGrowth(opened, rates, measuring);
    for (const { server } of opened) await server.stop();
    sections.push(
      ...sizes.flatMap((each, index) =>
        index === 0 && sections.length > 0
          ? []
          : [{ title: `${each.toLocaleString('en')} contracts`, figures: figures[index] ?? [] }],
      ),
    );
  }
  return { postgresql: cluster.version, sections };
}
