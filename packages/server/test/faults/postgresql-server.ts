/** PostgreSQL servers of a test's own, to be stopped, cut off and replaced. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { freePort } from '../../../../tools/local-port.ts';
import {
  clusterUrl,
  giveToPostgresql,
  makeCluster,
  type PostgresqlProcess,
  runProgram,
  startPostgresql,
} from '../../../../tools/postgresql-cluster.ts';
import { queried } from '../../../../tools/postgresql-query.ts';

export interface PostgresqlServer {
  readonly port: number;
  /** Of the database that is made for the test. */
  readonly url: string;
  /** As an administrator does: connections are ended, what is committed is on the disk. */
  stop(): Promise<void>;
  /** As a loss of power does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** A copy that follows this server, and takes no writes; synchronous, so that what is acknowledged is there as well. */
  standby(): Promise<PostgresqlServer>;
  /** Makes a standby take writes. */
  promote(): Promise<void>;
}

const SETTINGS = { max_connections: 60, shared_buffers: '16MB' };

/** Running, with an empty database; gone when the test has finished. */
export async function postgresqlServer(options: { readonly folder?: string } = {}): Promise<PostgresqlServer> {
  const data = options.folder ?? (await newFolder());
  makeCluster(data, ['--no-sync']);
  const server = await serverIn(data);
  await server.start();
  await queried(clusterUrl(server.port, 'postgres'), 'create database plugpool');
  return server;
}

/** @param primary what it follows, in PostgreSQL's words; undefined where it follows nobody */
async function serverIn(data: string, primary?: string): Promise<PostgresqlServer> {
  const port = await freePort();
  const settings = { ...SETTINGS, ...(primary !== undefined && { primary_conninfo: primary }) };
  const query = (statement: string) => queried(clusterUrl(port, 'postgres'), statement);
  let process: PostgresqlProcess | undefined;
  const kill = async () => process?.kill();
  onTestFinished(kill);
  return {
    port,
    url: clusterUrl(port, 'plugpool'),
    stop: async () => process?.stop(),
    kill,
    async start() {
      process = startPostgresql(data, port, settings);
      await process.untilAnswers();
    },
    async standby() {
      const copy = await newFolder();
      await rm(copy, { recursive: true });
      const from = ['--host=127.0.0.1', `--port=${port}`, '--username=postgres'];
      runProgram('pg_basebackup', [
        ...['--pgdata', copy, ...from],
        ...['--write-recovery-conf', '--checkpoint=fast', '--no-sync'],
      ]);
      const follower = await serverIn(copy, `host=127.0.0.1 port=${port} user=postgres application_name=standby`);
      await follower.start();
      await query("alter system set synchronous_standby_names = 'standby'");
      await query('select pg_reload_conf()');
      for (;;) {
        const [row] = await query('select sync_state from pg_stat_replication');
        if (row?.['sync_state'] === 'sync') return follower;
        await wait(50);
      }
    },
    async promote() {
      await query("alter system set synchronous_standby_names = ''");
      await query('select pg_promote()');
    },
  };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-postgresql-'));
  giveToPostgresql(folder);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
