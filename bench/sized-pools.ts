/**
 * Pools of several sizes in a folder: one cluster of PostgreSQL with a database for each size, and the fleet that is in
 * all of them. What is there is used again, so that filling and measuring can be done at different times.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clientCredentials } from '@plugpool/client';
import { queried } from '../tools/postgresql-query.ts';
import type { BenchDatabase } from './databases.ts';
import { fill } from './filling.ts';
import { progressOf } from './filling-progress.ts';
import { makeVehicles } from './fleet.ts';
import type { Leftovers } from './leftovers.ts';
import { addedParty, type Credentials } from './party.ts';
import { locationOf, ownEnvironment, program, startPlugpool } from './plugpool-process.ts';
import { type Cluster, startCluster } from './postgresql-cluster.ts';

export const EDITION = 'ISO15118-2';
/** What a contract takes with all that belongs to it, by measurement, and something for what is made on the way. */
const OCTETS_A_CONTRACT = 18_000;
/** So much of what is free on the disk may be filled. */
const MOST_OF_DISK = 0.8;

/** The fleet as it is kept beside the cluster. */
export interface KeptFleet {
  readonly credentials: Credentials;
  /** The signed request of each vehicle, EXI in base64. */
  readonly requests: readonly string[];
}

export interface SizedPools {
  readonly folder: string;
  readonly fleet: KeptFleet;
}

/** Makes the fleet and fills the pools of each size, as far as they are not there yet. */
export async function preparePools(
  folder: string,
  sizes: readonly number[],
  vehicles: number,
  leftovers: Leftovers,
): Promise<SizedPools> {
  await mkdir(serverFolder(folder), { recursive: true });
  const cluster = await startCluster(clusterFolder({ folder }), 'loading', leftovers);
  const fleet = await fleetIn(folder, vehicles, cluster, leftovers);
  for (const size of sizes) {
    if (await hasDatabase(cluster, nameOf(size))) continue;
    await checkDisk(folder, size);
    process.stderr.write(`filling the pools with ${size.toLocaleString('en')} contracts\n`);
    const unfinished = `${nameOf(size)}_unfinished`;
    await queried(cluster.url('postgres'), `drop database if exists ${unfinished}`);
    await queried(cluster.url('postgres'), `create database ${unfinished} template fleet strategy file_copy`);
    await fill(cluster.url(unfinished), { size, members: fleet.requests.length });
    await queried(cluster.url('postgres'), `alter database ${unfinished} rename to ${nameOf(size)}`);
  }
  await cluster.stop();
  return { folder, fleet };
}

/** The database of a size, with the schema of the program at hand. */
export async function databaseOfSize({ folder }: SizedPools, size: number, cluster: Cluster): Promise<BenchDatabase> {
  const database = databaseIn(folder, cluster, nameOf(size));
  const migrate = [program, 'migrate', ...locationOf(database)];
  await promisify(execFile)(process.execPath, migrate, { env: ownEnvironment() });
  return database;
}

export function clusterFolder({ folder }: Pick<SizedPools, 'folder'>): string {
  return join(folder, 'postgresql');
}

function nameOf(size: number): string {
  return `contracts_${size}`;
}

function serverFolder(folder: string): string {
  return join(folder, 'server');
}

function databaseIn(folder: string, cluster: Cluster, name: string) {
  return { kind: 'PostgreSQL', dataDirectory: serverFolder(folder), url: cluster.url(name) } as const;
}

async function fleetIn(folder: string, vehicles: number, cluster: Cluster, leftovers: Leftovers): Promise<KeptFleet> {
  const file = join(folder, 'fleet.json');
  if (existsSync(file)) return JSON.parse(await readFile(file, 'utf8'));
  await queried(cluster.url('postgres'), 'drop database if exists fleet');
  await queried(cluster.url('postgres'), 'create database fleet');
  const database = databaseIn(folder, cluster, 'fleet');
  const server = await startPlugpool({ database, leftovers, auth: 'oauth2' });
  const credentials = await addedParty(database);
  const progress = progressOf(vehicles, 'vehicles of the fleet');
  const requests = await makeVehicles({
    url: server.url,
    edition: EDITION,
    tokens: clientCredentials({ tokenUrl: server.url, ...credentials }),
    vehicles,
    made: (more) => progress.add(more / vehicles),
  });
  progress.end();
  await untilChained(database.url);
  await server.stop();
  const fleet = { credentials, requests: requests.map((exi) => Buffer.from(exi).toString('base64')) };
  await writeFile(file, JSON.stringify(fleet));
  return fleet;
}

/** Rows of the audit log get their places a little later than they are written. */
async function untilChained(url: string): Promise<void> {
  while ((await queried(url, 'select 1 from audit where position is null limit 1')).length > 0) await pause(100);
}

async function checkDisk(folder: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [size * OCTETS_A_CONTRACT, bavail * bsize];
  if (needed > free * MOST_OF_DISK) {
    const gigabytes = (octets: number) => `${Math.ceil(octets / 1e9)} GB`;
    throw new Error(
      `${size} contracts need ${gigabytes(needed)}, and of ${gigabytes(free)} that are free a fifth is left alone`,
    );
  }
}

async function hasDatabase(cluster: Cluster, name: string): Promise<boolean> {
  const rows = await queried(cluster.url('postgres'), `select 1 from pg_database where datname = '${name}'`);
  return rows.length > 0;
}
