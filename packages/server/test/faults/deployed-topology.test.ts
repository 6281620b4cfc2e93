/** What deploy/compose.yaml describes, without containers: nginx with deploy/nginx.conf, two replicas, PostgreSQL. Long form only. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../tools/local-port.ts';
import { noCluster } from '../../../../tools/postgresql-cluster.ts';
import { openStore } from '../../src/store/store.ts';
import { call } from '../dialects.ts';
import { dataFolder, kill, type ServedProcess, serve } from '../served-process.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS } from './rounds.ts';
import { expectNothingLost, writeLoad } from './write-load.ts';

const configuration = new URL('../../../../deploy/nginx.conf', import.meta.url).pathname;
const path = `${process.env['PATH']}:/usr/sbin`;
const noNginx = spawnSync('nginx', ['-v'], { env: { PATH: path } }).error && 'nginx is not installed';
const reason = isLongForm ? (noNginx ?? noCluster) : 'npm run test:faults has it';
const note = reason === undefined ? '' : ` (skipped: ${reason})`;

/** The file as it is, but for addresses, and for where nginx writes. */
async function proxyBefore(ports: readonly number[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-nginx-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const places = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ');
  const text = ports
    .reduce(
      (all, each, index) => all.replace(`plugpool-${index + 1}:8080`, `127.0.0.1:${each}`),
      await readFile(configuration, 'utf8'),
    )
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('http {', `http { access_log off; ${places}`);
  await mkdir(join(folder, 'logs'));
  const file = join(folder, 'nginx.conf');
  await writeFile(file, text);
  const log = join(folder, 'logs/error.log');
  const argv = ['-p', folder, '-e', log, '-c', file];
  const asked = ['-g', `daemon off; pid ${folder}/nginx.pid;`];
  const checked = spawnSync('nginx', [...argv, ...asked, '-t'], { env: { PATH: path }, encoding: 'utf8' });
  expect(checked.stderr).toContain('test is successful');
  const nginx: ChildProcess = spawn('nginx', [...argv, ...asked], { env: { PATH: path }, stdio: 'ignore' });
  const ended = once(nginx, 'exit');
  onTestFinished(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/health/live`).then(
      (answer) => answer.text(),
      () => '',
    ))
  ) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${await readFile(log, 'utf8')}`);
    await wait(50);
  }
  return url;
}

test.skipIf(reason !== undefined)(
  `ok/one of two replicas behind nginx is killed, then both are replaced, and clients go on${note}`,
  { timeout: LONG_TEST_MS },
  async () => {
    const { url: databaseUrl } = await postgresqlServer();
    const data = await dataFolder();
    const ports = [await freePort(), await freePort()];
    const start = (place: number): Promise<ServedProcess> =>
      serve(data, { PLUGPOOL_DATABASE_URL: databaseUrl, PLUGPOOL_DRAIN_SECONDS: '3' }, { port: ports[place] ?? 0 });
    const replicas = [await start(0), await start(1)];
    const url = await proxyBefore(ports);
    const receiver = await startReceiver();
    await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const load = await writeLoad(url);
    await load.more(30);

    const [first] = replicas;
    if (first !== undefined) await kill(first.process, 'SIGKILL');
    await load.more(30);
    // What was under way is asked of the other one, which may find it done: a contract is not made twice.
    expect(load.failures.filter((status) => status !== 409)).toEqual([]);
    replicas[0] = await start(0);
    await load.more(30);

    const before = load.failures.length;
    for (const [place, old] of replicas.entries()) {
      expect(await kill(old.process, 'SIGTERM')).toBe(0);
      replicas[place] = await start(place);
      await load.more(20);
    }
    await load.stop();
    expect(load.failures.slice(before)).toEqual([]);
    expect((await call(url, { method: 'GET', path: '/health/ready' })).status).toBe(200);
    const store = await openStore({ databaseUrl });
    onTestFinished(store.close);
    await expectNothingLost(store, url, load.acknowledged);
  },
);
