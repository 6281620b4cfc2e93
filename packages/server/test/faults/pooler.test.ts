/** PgBouncer in transaction mode between two replicas and PostgreSQL, as docs/operations.md tells to set it. Long form only. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../../../tools/local-port.ts';
import { giveToPostgresql, noCluster } from '../../../../tools/postgresql-cluster.ts';
import { openStore } from '../../src/store/store.ts';
import { at } from '../dialects.ts';
import { dataFolder, kill, serve } from '../served-process.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS } from './rounds.ts';
import { expectNothingLost, untilReadinessIs, writeLoad } from './write-load.ts';

const env = { PATH: `${process.env['PATH']}:/usr/sbin` };
const noPooler = spawnSync('pgbouncer', ['--version'], { env }).error && 'PgBouncer is not installed';
const reason = isLongForm ? (noPooler ?? noCluster) : 'npm run test:faults has it';
const note = reason === undefined ? '' : ` (skipped: ${reason})`;

interface Pooler {
  readonly url: string;
  start(): void;
  kill(): Promise<void>;
}

/** Fewer connections to the server than one replica has to the pooler, so that transactions do change places. */
async function poolerBefore(databaseUrl: string): Promise<Pooler> {
  const { hostname, port, pathname, username } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-pgbouncer-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const own = await freePort();
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout
`,
  );
  giveToPostgresql(folder);
  let pooler: ChildProcess | undefined;
  const end = async () => {
    if (pooler === undefined || pooler.exitCode !== null || pooler.signalCode !== null) return;
    const exit = once(pooler, 'exit');
    pooler.kill('SIGKILL');
    await exit;
  };
  onTestFinished(end);
  // It refuses to be root.
  const argv = process.getuid?.() === 0 ? ['--user=postgres', file] : [file];
  return {
    url: `postgres://${username}@127.0.0.1:${own}${pathname}?prepare=false`,
    start() {
      pooler = spawn('pgbouncer', argv, { env, stdio: 'ignore' });
    },
    kill: end,
  };
}

test.skipIf(reason !== undefined)(
  `ok/replicas work through a pooler in transaction mode, and go on when that was killed${note}`,
  { timeout: LONG_TEST_MS },
  async () => {
    const { url: databaseUrl } = await postgresqlServer();
    // Migrations go past a pooler.
    const store = await openStore({ databaseUrl });
    onTestFinished(store.close);
    const pooler = await poolerBefore(databaseUrl);
    pooler.start();
    const data = await dataFolder();
    const settings = { PLUGPOOL_DATABASE_URL: pooler.url, PLUGPOOL_WEBHOOK_RETRY_SECONDS: '1' };
    const [one, other] = [await serve(data, settings), await serve(data, settings)];
    const receiver = await startReceiver();
    await register(one.url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const load = await writeLoad(one.url);
    await load.more(40);
    load.moveTo(other.url);
    await load.more(40);
    expect(load.failures).toEqual([]);

    await pooler.kill();
    await untilReadinessIs(other.url, 503);
    pooler.start();
    await untilReadinessIs(other.url, 200);
    await load.more(20);
    await load.stop();
    // Requests under way were told that the database is away, or found done what they had not been told of.
    expect(load.failures.filter((status) => status !== 503 && status !== 409)).toEqual([]);
    await expectNothingLost(store, other.url, load.acknowledged);
    const told = () => new Set(receiver.received.map(({ payload }) => at(payload, 'emaid')));
    await vi.waitFor(() => expect(load.acknowledged.filter((emaid) => !told().has(emaid))).toEqual([]), {
      timeout: LONG_TEST_MS / 2,
      interval: 200,
    });
    for (const each of [one, other]) expect(await kill(each.process, 'SIGTERM')).toBe(0);
  },
);
