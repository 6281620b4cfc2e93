/** kill -9 under write load: what was acknowledged is there, whole, and is told of once and under one id. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { at } from '../dialects.ts';
import { dataFolder, kill, serve } from '../served-process.ts';
import { eachDatabase } from '../stores.ts';
import { register, startReceiver } from '../webhook-receiver.ts';
import { LONG_TEST_MS, rounds } from './rounds.ts';
import { expectNothingLost, untilReadinessIs, writeLoad } from './write-load.ts';

describe.each(eachDatabase())('on $kind', { timeout: LONG_TEST_MS }, ({ create }) => {
  test(`ok/nothing acknowledged is lost when the process is killed under write load, ${rounds} times`, async () => {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env = 'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
    const start = () => serve(data, { ...env, PLUGPOOL_WEBHOOK_RETRY_SECONDS: '1' });
    const receiver = await startReceiver();
    let server = await start();
    await register(server.url, { url: receiver.url, enabledEvents: ['oem.contract.created'] });
    const load = await writeLoad(server.url);
    for (let round = 0; round < rounds; round++) {
      await load.more(20);
      await kill(server.process, 'SIGKILL');
      server = await start();
      load.moveTo(server.url);
      await load.more(5);
    }
    await load.stop();
    // Requests under way had no answer; nothing else went wrong.
    expect(load.failures.filter((status) => status !== 0)).toEqual([]);
    await untilReadinessIs(server.url, 200);
    const store = await openStore(location);
    onTestFinished(store.close);
    await expectNothingLost(store, server.url, load.acknowledged);

    const recorded = await store.db
      .selectFrom('event')
      .select(['id', 'emaid'])
      .where('type', '=', 'oem.contract.created')
      .execute();
    const idOf = new Map(recorded.map(({ id, emaid }) => [emaid, id]));
    await vi.waitFor(() => expect(new Set(receiver.received.map(({ eventId }) => eventId)).size).toBe(idOf.size), {
      timeout: LONG_TEST_MS / 2,
      interval: 200,
    });
    for (const { eventId, payload } of receiver.received) {
      expect(idOf.get(String(at(payload, 'emaid')))).toBe(eventId);
    }
  });
});
