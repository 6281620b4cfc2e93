/** Commands that only read work on a standby, and say there what they say on its primary. */
import { spawnSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { noCluster } from '../../../../tools/postgresql-cluster.ts';
import { queried } from '../../../../tools/postgresql-query.ts';
import { migrate, migrations } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/store.ts';
import { dataFolder, kill, serve } from '../served-process.ts';
import { postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS } from './rounds.ts';
import { writeLoad } from './write-load.ts';

const BINARY = new URL('../../bin/plugpool.js', import.meta.url).pathname;
const note = noCluster === undefined ? '' : ` (skipped: ${noCluster})`;

/** A standby shows what is acknowledged a moment later. */
async function untilAlike(primary: string, standby: string, query: string): Promise<void> {
  while ((await answer(primary, query)) !== (await answer(standby, query))) await wait(20);
}

async function answer(url: string, query: string): Promise<string> {
  return JSON.stringify(await queried(url, query));
}

test.skipIf(noCluster !== undefined)(
  `ok/export, audit and doctor read a standby; what is missing there is said${note}`,
  { timeout: LONG_TEST_MS },
  async () => {
    const primary = await postgresqlServer();
    const standby = await primary.standby();
    const data = await dataFolder();
    const plugpool = (databaseUrl: string, ...argv: string[]) => {
      const env = { PATH: process.env['PATH'], PLUGPOOL_DATABASE_URL: databaseUrl, PLUGPOOL_DATA: data };
      const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...argv], { env, encoding: 'utf8' });
      return { status, said: stdout + stderr };
    };

    const older = await openDatabase({ databaseUrl: primary.url }, () => undefined);
    onTestFinished(older.close);
    await migrate(older, { wanted: migrations.slice(0, -1) });
    const latest = migrations.at(-1)?.name;
    await untilAlike(primary.url, standby.url, "select count(*) from pg_tables where tablename = 'migration'");
    const refused = plugpool(standby.url, 'audit', 'list');
    expect(refused).toMatchObject({ status: 1, said: expect.stringContaining(`takes no writes, and lacks ${latest}`) });

    const { url, process: server } = await serve(data, { PLUGPOOL_DATABASE_URL: primary.url });
    const load = await writeLoad(url);
    await load.more(3);
    await load.stop();
    await kill(server, 'SIGTERM');
    // Gives the last rows their places.
    expect(plugpool(primary.url, 'audit', 'verify').status).toBe(0);
    await untilAlike(primary.url, standby.url, 'select count(*), max(position) from audit where position is not null');

    const readers = [
      ['export', '--pool', 'ccp'],
      ['audit', 'verify'],
      ...(isLongForm
        ? [
            ['audit', 'export'],
            ['migrate'],
            ['export', '--pool', 'rcp'],
            ['export', '--pool', 'pcp'],
            ['root', 'list'],
            ['webhook', 'endpoints'],
          ]
        : []),
    ];
    for (const argv of readers) {
      const [here, there] = [plugpool(standby.url, ...argv), plugpool(primary.url, ...argv)];
      expect({
        argv,
        status: here.status,
        said: here.said.replace(String(standby.port), String(primary.port)),
      }).toEqual({
        argv,
        ...there,
      });
      expect({ argv, ...here }).toMatchObject({ status: 0, said: expect.stringMatching(/./) });
    }
    const { said } = plugpool(standby.url, 'doctor');
    expect(said).toMatch(/a standby: it takes no writes/);
    expect(said).toMatch(/ok +migrations/);
    expect(said).toMatch(/ok +audit log/);
  },
);
