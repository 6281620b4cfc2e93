/** A PostgreSQL of the benchmark's own, with the settings that `docs/operations.md` advises. */
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../tools/local-port.ts';
import { clusterUrl, makeCluster, startPostgresql } from '../tools/postgresql-cluster.ts';
import { versionAt } from './databases.ts';
import type { Leftovers } from './leftovers.ts';

export interface Cluster {
  readonly pid: number;
  readonly version: string;
  /** @param database a database in it, which may not be there yet */
  url(database: string): string;
  /** In order: what is written is on the disk. */
  stop(): Promise<void>;
}

/** A quarter of the memory, as advised, but not more than a machine that does other things as well can spare. */
const SHARED_BUFFERS_MB = Math.min(4096, Math.floor(totalmem() / 2 ** 20 / 4));

const SETTINGS = {
  /** As in production; the rest is as PostgreSQL has it. */
  serving: { max_wal_size: '4GB' },
  /** What a crash takes away is filled in again. */
  loading: {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    // What goes into a new file is then not written a second time, into the log.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '4GB',
    autovacuum: 'off',
    maintenance_work_mem: '1GB',
    max_parallel_maintenance_workers: '0',
    max_parallel_workers_per_gather: '0',
  },
} as const;

/** Makes it when the folder is empty or not there. */
export async function startCluster(folder: string, use: keyof typeof SETTINGS, leftovers: Leftovers): Promise<Cluster> {
  if (!existsSync(join(folder, 'PG_VERSION'))) makeCluster(folder);
  const port = await freePort();
  const settings = { max_connections: 100, shared_buffers: `${SHARED_BUFFERS_MB}MB`, ...SETTINGS[use] };
  const { pid, untilAnswers, stop } = startPostgresql(folder, port, settings);
  leftovers.add(stop);
  await untilAnswers();
  const url = (database: string) => clusterUrl(port, database);
  return { pid, version: await versionAt(url('postgres')), url, stop };
}
