/** The disk is full: writes are refused, nothing acknowledged is lost, and with room again it works again. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { giveToPostgresql, noCluster } from '../../../../tools/postgresql-cluster.ts';
import { queried } from '../../../../tools/postgresql-query.ts';
import { openStore, type StoreLocation } from '../../src/store/store.ts';
import { call } from '../dialects.ts';
import { dataFolder, serve } from '../served-process.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS, rounds } from './rounds.ts';
import { expectNothingLost, readiness, untilReadinessIs, writeLoad } from './write-load.ts';

const WARNED = { status: 'ready', warnings: ['the disk of the database is full: what writes is refused'] };
const noDisk = canMount() ? undefined : 'a small file system cannot be mounted here';
const note = (why: string | undefined) => (why === undefined ? '' : ` (skipped: ${why})`);

/** On the small disk of that folder; the processes on it are ended before it goes. */
async function fillAndFree(disk: string, data: string, location: StoreLocation): Promise<void> {
  const { url } = await serve(data, 'databaseUrl' in location ? { PLUGPOOL_DATABASE_URL: location.databaseUrl } : {});
  const receiver = await startReceiver();
  await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
  const load = await writeLoad(url);
  for (let round = 0; round < rounds; round++) {
    await load.more(20);
    const refused = load.failures.length;
    while (load.failures.length < refused + 20) {
      await fill(disk);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Reading goes on, and whoever asks is told.
    const lookup = { method: 'GET', path: `/opnc/v1/ccp/contractData/emaid/${load.acknowledged[0]}` };
    expect((await call(url, lookup)).status).toBe(200);
    expect(await call(url, { method: 'GET', path: '/health/ready' })).toMatchObject({ status: 200, json: WARNED });
    await rm(join(disk, 'ballast'));
    await load.more(20);
  }
  await load.stop();
  expect(new Set(load.failures)).toEqual(new Set([503]));
  const store = await openStore(location);
  await expectNothingLost(store, url, load.acknowledged);
  await store.close();
}

describe('the disk is full', { timeout: LONG_TEST_MS }, () => {
  test.skipIf(noDisk !== undefined)(`ok/of the embedded database${note(noDisk)}`, async () => {
    const disk = await smallDisk(24);
    await fillAndFree(disk, disk, { dataDirectory: disk });
  });

  const why = noDisk ?? noCluster;
  test.skipIf(why !== undefined)(`ok/of PostgreSQL${note(why)}`, async () => {
    const server = await postgresqlServer();
    const disk = await smallDisk(64);
    const space = await mkdtemp(join(disk, 'space-'));
    giveToPostgresql(space);
    giveToPostgresql(disk);
    await queried(server.url, `create tablespace small location '${space}'`);
    await queried(server.url, 'create database small tablespace small');
    await fillAndFree(disk, await dataFolder(), { databaseUrl: server.url.replace('/plugpool', '/small') });
    await server.stop();
  });

  test.runIf(isLongForm && why === undefined)(
    `ok/of PostgreSQL's write-ahead log, which stops it${note(why)}`,
    async () => {
      const disk = await smallDisk(200);
      giveToPostgresql(disk);
      const folder = await mkdtemp(join(disk, 'data-'));
      giveToPostgresql(folder);
      const server = await postgresqlServer({ folder });
      const { url } = await serve(await dataFolder(), { PLUGPOOL_DATABASE_URL: server.url });
      const receiver = await startReceiver();
      await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
      const load = await writeLoad(url);
      await load.more(20);
      while ((await readiness(url)) !== 503) {
        await fill(disk);
        // It wants the next file of its log, for which there is no room.
        await queried(server.url, 'select pg_switch_wal()').catch(() => undefined);
      }
      await rm(join(disk, 'ballast'));
      await server.kill();
      await server.start();
      await untilReadinessIs(url, 200);
      await load.more(20);
      await load.stop();
      expect(new Set(load.failures)).toEqual(new Set([503]));
      const store = await openStore({ databaseUrl: server.url });
      await expectNothingLost(store, url, load.acknowledged);
      await store.close();
      await server.stop();
    },
  );
});

async function fill(disk: string): Promise<void> {
  const ballast = await open(join(disk, 'ballast'), 'a');
  try {
    const { bavail, bsize } = await statfs(disk);
    await ballast.write(Buffer.alloc(bavail * bsize));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    await ballast.close();
  }
}

/** Gone when the test has finished. */
async function smallDisk(megabytes: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder], { stdio: 'pipe' });
  onTestFinished(async () => {
    execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' });
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'plugpool-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'pipe' });
    execFileSync('umount', [folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
