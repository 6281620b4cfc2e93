/** PostgreSQL restarts, dies, is cut off, goes silent and is replaced: the server waits, says so, and recovers by itself. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { noCluster } from '../../../../tools/postgresql-cluster.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { dataFolder, serve } from '../served-process.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { type PostgresqlServer, postgresqlServer } from './postgresql-server.ts';
import { isLongForm, LONG_TEST_MS, rounds } from './rounds.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { expectNothingLost, readiness, untilReadinessIs, type WriteLoad, writeLoad } from './write-load.ts';

const note = noCluster === undefined ? '' : ` (skipped: ${noCluster})`;

describe.skipIf(noCluster !== undefined)(`PostgreSQL${note}`, { timeout: LONG_TEST_MS }, () => {
  /** A server on that database, under write load, with somebody who hears of it. */
  async function underLoad(databaseUrl: string): Promise<{ url: string; load: WriteLoad; printed: () => string }> {
    const { url, printed } = await serve(await dataFolder(), { PLUGPOOL_DATABASE_URL: databaseUrl });
    const receiver = await startReceiver();
    await register(url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const load = await writeLoad(url);
    await load.more(20);
    return { url, load, printed };
  }

  async function storeOf(databaseUrl: string): Promise<Store> {
    const store = await openStore({ databaseUrl });
    onTestFinished(store.close);
    return store;
  }

  test.each([
    ['restarts', (database: PostgresqlServer) => database.stop()],
    ['dies and recovers', (database: PostgresqlServer) => database.kill()],
  ])(`ok/it %s, ${rounds} times`, async (_what, end) => {
    const database = await postgresqlServer();
    const { url, load } = await underLoad(database.url);
    for (let round = 0; round < rounds; round++) {
      await end(database);
      await untilReadinessIs(url, 503);
      await database.start();
      await untilReadinessIs(url, 200);
      await load.more(20);
    }
    await load.stop();
    // Nobody was told anything but that it does not work now.
    expect(new Set(load.failures)).toEqual(new Set([503]));
    await expectNothingLost(await storeOf(database.url), url, load.acknowledged);
  });

  test('ok/connections are cut in the middle of transactions', async () => {
    const database = await postgresqlServer();
    const proxy = await tcpProxy(database.port);
    const through = database.url.replace(String(database.port), String(proxy.port));
    const { url, load } = await underLoad(through);
    let cuts = 0;
    // After the contract is written, before its audit row is; and when it is to be committed.
    for (const text of ['insert into "audit"', 'commit']) {
      let seen = 0;
      proxy.onSent(text, () => {
        seen++;
        if (seen % 10 !== 0 || cuts >= 5 * rounds) return;
        cuts++;
        proxy.cut();
      });
    }
    while (cuts < 5 * rounds) await load.more(1);
    await load.more(20);
    await load.stop();
    expect(await readiness(url)).toBe(200);
    expect(load.failures.filter((status) => status !== 503)).toEqual([]);
    const store = await storeOf(database.url);
    // A commit may have been done though nobody heard of it: whole then.
    await expectNothingLost(store, url, load.acknowledged);
  });

  test.runIf(isLongForm)(
    'ok/the network goes silent: requests end, readiness tells, and it comes back by itself',
    async () => {
      const database = await postgresqlServer();
      const proxy = await tcpProxy(database.port);
      const { url, load } = await underLoad(database.url.replace(String(database.port), String(proxy.port)));
      proxy.silence();
      await untilReadinessIs(url, 503);
      const before = load.failures.length;
      // Each request is answered, within the bound that the load has for it.
      while (load.failures.length < before + 8) await untilReadinessIs(url, 503);
      proxy.restore();
      await untilReadinessIs(url, 200);
      await load.more(20);
      await load.stop();
      expect(new Set(load.failures)).toEqual(new Set([503]));
      await expectNothingLost(await storeOf(database.url), url, load.acknowledged);
    },
  );

  test('ok/a standby takes the place of its primary', async () => {
    const primary = await postgresqlServer();
    const standby = await primary.standby();
    const both = primary.url.replace(/@[^/]+/, `@127.0.0.1:${standby.port},127.0.0.1:${primary.port}`);
    const { url, load } = await underLoad(both);
    await primary.kill();
    await untilReadinessIs(url, 503);
    await standby.promote();
    await untilReadinessIs(url, 200);
    await load.more(20);
    await load.stop();
    expect(new Set(load.failures)).toEqual(new Set([503]));
    await expectNothingLost(await storeOf(standby.url), url, load.acknowledged);
  });
});
