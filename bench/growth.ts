/** How latencies grow with the pools: two pools of different sizes take turns under the same load. */
import { writeFileSync } from 'node:fs';
import { type AccessTokens, clientCredentials } from '@plugpool/client';
import { queried } from '../tools/postgresql-query.ts';
import type { BenchDatabase } from './databases.ts';
import { type Figure, median, percentile } from './figures.ts';
import { inPlace } from './filled-rows.ts';
import { installRequest } from './fleet.ts';
import { getRequest, load, steadyLoad } from './http-load.ts';
import type { Leftovers } from './leftovers.ts';
import type { Named } from './names.ts';
import { type PlugpoolProcess, startPlugpool } from './plugpool-process.ts';
import type { Cluster } from './postgresql-cluster.ts';
import { cpuMicroseconds, cpuOfChildren, cpuOfChildrenSince, residentMegabytes } from './process-cost.ts';
import { databaseOfSize, EDITION, type SizedPools } from './sized-pools.ts';

const AT_ONCE = 16;
const MOST_GROWTH = 1.2;
/** Of what the smallest pools take: far from where requests wait for each other. */
const STEADY_SHARE = 0.4;
/** More than are ever busy at that rate, unless the server does not keep up. */
const STEADY_CONNECTIONS = 64;
const WARM_UP_SECONDS = 3;

export interface Measuring {
  /** Of each measurement. */
  readonly seconds: number;
  /** At the steady rate. */
  readonly rounds: number;
}

/** A server on pools of one size. */
export interface MeasuredPool {
  readonly size: number;
  readonly server: PlugpoolProcess;
  readonly cluster: Cluster;
  readonly megabytes: number;
  /** As on a machine that has been answering for long, as far as its memory goes. */
  warmUp(operation: Operation): Promise<void>;
  requests(operation: Operation, count: number): Promise<Buffer[]>;
}

const OPERATIONS = ['install', 'contracts by EMAID', 'contracts by PCID', 'is the vehicle known'] as const;
type Operation = (typeof OPERATIONS)[number];

/** Requests a second of each operation, as the first pools set them for all. */
export type SteadyRates = Map<Operation, number>;

/**
 * What an operation reads anywhere in the pools, or writes into: tables, then indexes. The fleet's own rows are few, and in
 * memory once it has installed.
 */
const TOUCHED: Readonly<
  Record<Operation, { readonly tables: readonly string[]; readonly indexes: readonly string[] }>
> = {
  install: { tables: [], indexes: ['audit_by_time', 'audit_pkey', 'audit_by_object'] },
  'contracts by EMAID': {
    tables: ['signed_contract_data', 'contract', 'default_contract'],
    indexes: ['default_contract_one', 'signed_contract_data_once', 'contract_pkey'],
  },
  'contracts by PCID': {
    tables: ['signed_contract_data', 'contract', 'default_contract'],
    indexes: ['default_contract_one', 'signed_contract_data_once', 'contract_by_pcid'],
  },
  'is the vehicle known': { tables: ['vehicle'], indexes: ['vehicle_key'] },
};

/** Started; what an operation touches is read into memory before it is measured. */
export async function openPool(
  pools: SizedPools,
  size: number,
  cluster: Cluster,
  leftovers: Leftovers,
): Promise<MeasuredPool> {
  const database = await databaseOfSize(pools, size, cluster);
  const megabytes = await sizeOf(database);
  const server = await startPlugpool({ database, leftovers, auth: 'oauth2' });
  const tokens = clientCredentials({ tokenUrl: server.url, ...pools.fleet.credentials });
  const exi = pools.fleet.requests.map((request) => Buffer.from(request, 'base64'));
  const warmUp = (operation: Operation) => readIntoMemory(database, operation);
  return { size, server, cluster, megabytes, warmUp, requests: requestsFor(size, exi, tokens) };
}

/** The fleet installs in turn, wherever it stands in the pools; what is looked up is anywhere in them. */
function requestsFor(size: number, fleet: readonly Buffer[], tokens: AccessTokens): MeasuredPool['requests'] {
  let turn = 0;
  const places = { size, members: fleet.length };
  const anybody = (path: (name: Named) => string) => (token: string) =>
    getRequest(`/opnc/v1${path(inPlace(places, Math.floor(Math.random() * size)))}`, token);
  const next: Readonly<Record<Operation, (token: string) => Buffer>> = {
    install: (token) => installRequest(EDITION, fleet[turn++ % fleet.length] ?? Buffer.alloc(0), token),
    'contracts by EMAID': anybody(({ emaid }) => `/ccp/contractData/emaid/${emaid}`),
    'contracts by PCID': anybody(({ pcid }) => `/ccp/contractData/pcid/${pcid}`),
    'is the vehicle known': anybody(({ pcid }) => `/pcp/lookupvehicle/${pcid}`),
  };
  return async (operation, count) => {
    const token = await tokens.current();
    return Array.from({ length: count }, () => next[operation](token));
  };
}

/** With its indexes, in megabytes (10⁶ octets). */
async function sizeOf(database: BenchDatabase): Promise<number> {
  const [row] = await asked(database, 'select pg_database_size(current_database()) as size');
  return Number(row?.['size']) / 1e6;
}

/**
 * What another operation has used often the system would rather keep than what is read in once for this one. Only root may
 * have it forget that; without, pools that are larger than the memory show it.
 */
function forgetFiles(): void {
  if (process.getuid?.() === 0) writeFileSync('/proc/sys/vm/drop_caches', '1');
}

/** Tables into the memory of the system; indexes by way of it into PostgreSQL's buffers, as far as they have room. */
async function readIntoMemory(database: BenchDatabase, operation: Operation): Promise<void> {
  const { tables, indexes } = TOUCHED[operation];
  await asked(database, 'create extension if not exists pg_prewarm');
  for (const name of tables) await asked(database, `select pg_prewarm('${name}', 'read')`);
  for (const name of indexes) await asked(database, `select pg_prewarm('${name}', 'buffer')`);
  await asked(database, 'checkpoint');
}

function asked(database: BenchDatabase, sql: string): ReturnType<typeof queried> {
  if (database.kind !== 'PostgreSQL') throw new Error('pools of this size are for PostgreSQL');
  return queried(database.url, sql);
}

/** Figures of each of the pools, which take turns, so that what disturbs the machine disturbs both. */
export async function measureGrowth(
  pools: readonly MeasuredPool[],
  rates: SteadyRates,
  measuring: Measuring,
): Promise<Figure[][]> {
  const results: Figure[][] = pools.map(() => []);
  const resident = pools.map(() => 0);
  for (const operation of OPERATIONS) {
    process.stderr.write(`  ${operation} …\n`);
    forgetFiles();
    for (const pool of pools) await pool.warmUp(operation);
    const saturated: Saturated[] = [];
    for (const pool of pools) saturated.push(await saturate(pool, operation, measuring.seconds));
    const rate = rates.get(operation) ?? Math.floor((saturated[0]?.perSecond ?? 0) * STEADY_SHARE);
    rates.set(operation, rate);
    const rounds: Float64Array[][] = [];
    for (let round = 0; round < measuring.rounds; round++) {
      const latencies: Float64Array[] = [];
      for (const pool of pools) latencies.push(await steady(pool, operation, rate, measuring.seconds));
      rounds.push(latencies);
    }
    for (const [index, pool] of pools.entries()) {
      const figures = results[index];
      const busy = saturated[index];
      if (figures === undefined || busy === undefined) continue;
      figures.push(...steadyFigures(operation, rate, rounds, index), ...saturatedFigures(operation, busy));
      resident[index] = Math.max(resident[index] ?? 0, residentMegabytes(pool.server.pid));
    }
  }
  return pools.map(({ megabytes }, index) => [
    ...(results[index] ?? []),
    { name: 'memory of the replica, at most', value: resident[index] ?? Number.NaN, unit: 'MB' },
    { name: 'database with its indexes', value: megabytes, unit: 'MB' },
  ]);
}

/** Medians over the rounds. */
function steadyFigures(operation: Operation, rate: number, rounds: readonly Float64Array[][], index: number): Figure[] {
  const over = (percent: number) => rounds.map((latencies) => percentile(latencies[index] ?? [], percent));
  const first = rounds.map((latencies) => percentile(latencies[0] ?? [], 99));
  const growth: Figure = {
    name: `${operation}, p99 to that of the smallest`,
    value: median(over(99).map((p99, round) => p99 / (first[round] ?? Number.NaN))),
    unit: '×',
    target: { atMost: MOST_GROWTH },
  };
  return [
    { name: `${operation}, p50 at ${rate}/s`, value: median(over(50)), unit: 'ms' },
    { name: `${operation}, p99 at ${rate}/s`, value: median(over(99)), unit: 'ms' },
    ...(index === 0 ? [] : [growth]),
  ];
}

interface Saturated {
  readonly perSecond: number;
  /** Microseconds of a request. */
  readonly cpuOfServer: number;
  readonly cpuOfPostgresql: number;
  readonly p99: number;
}

/** As many requests as get answered, after some that warm up. */
async function saturate(pool: MeasuredPool, operation: Operation, seconds: number): Promise<Saturated> {
  const { server, cluster } = pool;
  const { pid, port } = server;
  // More than are asked for in that time; then from the first again.
  const requests = await pool.requests(operation, 20_000);
  let turn = 0;
  const next = () => requests[turn++ % requests.length] ?? Buffer.alloc(0);
  const order = { port, connections: AT_ONCE, next, expectedStatus: 200 };
  await load({ ...order, seconds: WARM_UP_SECONDS });
  const [ofServer, ofPostgresql] = [cpuMicroseconds(pid), cpuOfChildren(cluster.pid)];
  const done = await load({ ...order, seconds });
  return {
    perSecond: done.requests / done.seconds,
    cpuOfServer: (cpuMicroseconds(pid) - ofServer) / done.requests,
    cpuOfPostgresql: cpuOfChildrenSince(cluster.pid, ofPostgresql) / done.requests,
    p99: percentile(done.latencies, 99),
  };
}

function saturatedFigures(operation: Operation, saturated: Saturated): Figure[] {
  const { perSecond, cpuOfServer, cpuOfPostgresql, p99 } = saturated;
  return [
    { name: `${operation}, most`, value: perSecond, unit: 'requests/s' },
    { name: `${operation}, p99 with ${AT_ONCE} at once`, value: p99, unit: 'ms' },
    { name: `${operation}, CPU of the server`, value: cpuOfServer, unit: 'µs' },
    { name: `${operation}, CPU of PostgreSQL`, value: cpuOfPostgresql, unit: 'µs' },
  ];
}

async function steady(
  { server, requests }: MeasuredPool,
  operation: Operation,
  perSecond: number,
  seconds: number,
): Promise<Float64Array> {
  const { latencies } = await steadyLoad({
    port: server.port,
    requests: await requests(operation, Math.ceil(perSecond * seconds)),
    perSecond,
    connections: STEADY_CONNECTIONS,
    expectedStatus: 200,
  });
  return latencies;
}
