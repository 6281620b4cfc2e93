/**
 * `npm run soak`: a server under half of the load that it can take, for an hour. It fails at the first wrong answer, and
 * when memory goes on growing. `--help` lists the options.
 */
import { parseArgs } from 'node:util';
import { type BenchDatabase, createPostgresql, createSqlite, postgresqlAtHand } from './databases.ts';
import { median, percentile } from './figures.ts';
import { type Fleet, generateOrders, makeFleet } from './fleet.ts';
import { load } from './http-load.ts';
import { Leftovers } from './leftovers.ts';
import { addParty } from './party.ts';
import { startPlugpool } from './plugpool-process.ts';
import { residentMegabytes } from './process-cost.ts';

const USAGE = `npm run soak -- [OPTIONS]

  --minutes N       how long (60); memory is judged from ten minutes on
  --sqlite          the embedded database, also where there is a PostgreSQL
`;

const SAMPLES = 60;
const JUDGED_FROM_MINUTES = 10;
/** The last quarter beside the second one: the first is warming up. */
const MOST_GROWTH = 1.1;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    sqlite: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) process.stdout.write(USAGE);
else process.exitCode = await main(Number(options.minutes));

async function main(minutes: number): Promise<number> {
  if (!(minutes > 0)) throw new Error(USAGE);
  const leftovers = new Leftovers();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => leftovers.removeAll().finally(() => process.exit(1)));
  }
  try {
    return await soak(minutes, await databaseFor(options.sqlite, leftovers), leftovers);
  } finally {
    await leftovers.removeAll();
  }
}

async function databaseFor(isEmbedded: boolean, leftovers: Leftovers): Promise<BenchDatabase> {
  const postgresql = isEmbedded ? undefined : await postgresqlAtHand();
  return postgresql === undefined ? createSqlite(leftovers) : createPostgresql(postgresql.url, leftovers);
}

/** Exit code: 0 when all was answered well and memory is flat. */
async function soak(minutes: number, database: BenchDatabase, leftovers: Leftovers): Promise<number> {
  const server = await startPlugpool({ database, leftovers, auth: 'oauth2' });
  const fleet = await makeFleet(server.url, 'ISO15118-2', await addParty(server.url, database));
  const traffic = trafficOf(server.port, fleet);
  const total = minutes * 60;
  const most = await traffic(Math.min(10, total / 4));
  const half = { installations: most.installations / 2, orders: most.orders / 2 };
  const words = `${half.installations.toFixed(0)} installations and ${half.orders.toFixed(0)} new contracts a second`;
  say(`${database.kind}: ${words}, half of what it takes, for ${minutes} min`);

  const resident: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const { p99 } = await traffic(total / SAMPLES, half);
    const megabytes = residentMegabytes(server.pid);
    resident.push(megabytes);
    const passed = ((sample + 1) * minutes) / SAMPLES;
    say(`${passed.toFixed(1)} min: p99 ${p99.toFixed(1)} ms, ${megabytes.toFixed(0)} MB`);
  }
  await server.stop();
  return verdict(minutes, resident);
}

/** Installations, and beside them contracts are made. */
function trafficOf(port: number, fleet: Fleet): Traffic {
  const order = generateOrders(fleet);
  let turn = 0;
  const install = () => fleet.installRequests[turn++ % fleet.installRequests.length] ?? Buffer.alloc(0);
  return async (seconds, paced) => {
    const [installations, orders] = await Promise.all([
      load({ port, seconds, connections: 14, next: install, expectedStatus: 200, ...at(paced?.installations) }),
      load({ port, seconds, connections: 2, next: order, expectedStatus: 201, ...at(paced?.orders) }),
    ]);
    return {
      installations: installations.requests / installations.seconds,
      orders: orders.requests / orders.seconds,
      p99: percentile(installations.latencies, 99),
    };
  };
}

interface PerSecond {
  readonly installations: number;
  readonly orders: number;
}

/** At the pace that is given, or as fast as the server answers. */
type Traffic = (seconds: number, paced?: PerSecond) => Promise<PerSecond & { readonly p99: number }>;

function at(perSecond: number | undefined) {
  return perSecond === undefined ? {} : { perSecond };
}

function verdict(minutes: number, resident: readonly number[]): number {
  const quarter = resident.length / 4;
  const early = median(resident.slice(quarter, 2 * quarter));
  const late = median(resident.slice(3 * quarter));
  const change = `${early.toFixed(0)} MB in the second quarter, ${late.toFixed(0)} MB in the last`;
  if (minutes < JUDGED_FROM_MINUTES) {
    say(`no wrong answer; memory: ${change}, too short to judge`);
    return 0;
  }
  const isFlat = late <= early * MOST_GROWTH;
  say(`no wrong answer; memory is ${isFlat ? 'flat' : 'growing'}: ${change}`);
  return isFlat ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
