/** Deliveries that nobody looks for: what is recorded is announced, in this process and to the others on the database. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { DELIVERY_TOPIC } from '../src/events/delivery/delivery.ts';
import { startDeliveryWorker } from '../src/events/delivery/delivery-worker.ts';
import { eventLog } from '../src/events/event-log.ts';
import { webhookEndpoints } from '../src/events/webhook-endpoints.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { outgoingHttp } from '../src/outgoing/outgoing-http.ts';
import { sql } from '../src/store/query-builder.ts';
import type { Store } from '../src/store/store.ts';
import { pkiOn } from './pki.ts';
import { eachStore, type TestStore } from './stores.ts';
import { eventually, startReceiver } from './webhook-receiver.ts';

const HOUR_MS = 3_600_000;
const clock = systemClock;

describe.each(eachStore())('on $kind', ({ kind, open }) => {
  /** A worker that looks once an hour unless it is told to. */
  function workerOn(store: TestStore) {
    const { secrets } = pkiOn(store).keys;
    const worker = startDeliveryWorker({
      store,
      clock,
      secrets,
      send: outgoingHttp({ allowPrivateTargets: true }),
      rightsOf: async () => () => 'everything',
      retry: { retryMs: HOUR_MS, random: Math.random },
      note: () => undefined,
      lookEveryMs: HOUR_MS,
    });
    onTestFinished(worker.stop);
    return { worker, secrets };
  }

  /** Records an event as a room does, with something else in the transaction that takes its time. */
  async function recordOn(store: Store, recorded: () => void) {
    const record = eventLog({ store, clock, recorded });
    await store.transaction(async (tx) => {
      await record(tx, [{ type: 'root.cert.added', object: 'root:1', payload: {} }]);
      if (store.kind === 'postgresql') await sql`select pg_sleep(0.1)`.execute(tx);
    });
  }

  async function listeningOn(store: TestStore) {
    const { worker, secrets } = workerOn(store);
    const receiver = await startReceiver();
    const targets = { allowPrivateTargets: true };
    const endpoints = webhookEndpoints({ store, clock, secrets, targets, recorded: worker.wake });
    await endpoints.create({ dialect: 'opcp' }, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    const arrived = (count: number) => eventually(() => expect(receiver.received).toHaveLength(count));
    return { worker, arrived };
  }

  test('ok/in one process an event is sent when its transaction is committed', async () => {
    const store = await open();
    const { worker, arrived } = await listeningOn(store);
    await recordOn(store, worker.wake);
    await arrived(1);
  });

  test.skipIf(kind === 'sqlite')('ok/another process announces it, also after the connection broke', async () => {
    const store = await open();
    const { arrived } = await listeningOn(store);
    const other = await store.reopen();
    onTestFinished(other.close);
    const announce = () => void other.announce(DELIVERY_TOPIC);
    const listeners = () =>
      sql<{ pid: number }>`
      select pid from pg_stat_activity where datname = current_database() and query = ${`listen "${DELIVERY_TOPIC}"`}`
        .execute(other.db)
        .then(({ rows }) => rows.map(({ pid }) => pid));
    await eventually(async () => expect(await listeners()).toHaveLength(1));
    await recordOn(other, announce);
    await arrived(1);

    const [pid] = await listeners();
    await sql`select pg_terminate_backend(${pid}::int)`.execute(other.db);
    // Nobody hears of this one; it is found when somebody listens again.
    await recordOn(other, () => undefined);
    await arrived(2);
    await eventually(async () => expect(await listeners()).not.toContain(pid));
    await recordOn(other, announce);
    await arrived(3);
  });
});
