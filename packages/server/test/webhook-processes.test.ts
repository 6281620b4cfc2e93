/** Processes that die in the middle of deliveries, and several that deliver from one database. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { at, call, namespace, opnc } from './dialects.ts';
import { publishedCar } from './operations.ts';
import { randomEmaid } from './roles.ts';
import { dataFolder, kill, type ServedProcess, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { register, startReceiver, status } from './webhook-receiver.ts';

/** A claim of a process that died has to run out first. */
const PATIENCE = { timeout: 60_000, interval: 100 };
const LONG_TEST_MS = 120_000;

describe.each(eachDatabase())('on $kind', ({ create }) => {
  /** Starts processes on one database. */
  async function processes(): Promise<() => Promise<ServedProcess>> {
    const database = await create();
    onTestFinished(database.drop);
    // On PostgreSQL the folder has the master secret only, which replicas have in common.
    const { location } = database;
    const env = { PLUGPOOL_WEBHOOK_RETRY_SECONDS: '1' };
    if ('dataDirectory' in location) return () => serve(location.dataDirectory, env);
    const folder = await dataFolder();
    return () => serve(folder, { ...env, PLUGPOOL_DATABASE_URL: location.databaseUrl });
  }

  async function generate(url: string, pcid: string, emaid: string): Promise<number> {
    const body = {
      contractBegins: new Date(Date.now() - 60_000).toISOString(),
      contractEnds: new Date(Date.now() + 3_600_000).toISOString(),
      emaid,
      pcid,
      xsdMsgDefNamespace: namespace,
    };
    const path = '/opnc/v1/cps/contractData/generateandsign';
    const answer = await call(url, { method: 'PUT', path, body }).catch(() => undefined);
    return answer?.status ?? 0;
  }

  test(
    'ok/killed between recording and delivery: nothing is lost, and no event gets another id',
    async () => {
      const start = await processes();
      const first = await start();
      // Takes what comes and says nothing.
      const receiver = await startReceiver(() => undefined);
      const enabledEvents = ['oem.contract.created', 'mo.contract.created.sent.to.oem'];
      await register(first.url, { url: receiver.url, enabledEvents });
      const { pcid } = await publishedCar(first.url);
      const emaids = Array.from({ length: 15 }, () => randomEmaid());
      const acknowledged: string[] = [];
      for (const emaid of emaids) {
        if ((await generate(first.url, pcid, emaid)) === 201) acknowledged.push(emaid);
        if (acknowledged.length === 12) await kill(first.process, 'SIGKILL');
      }
      expect(acknowledged).toHaveLength(12);
      const before = new Map(receiver.received.map(({ eventId, payload }) => [at(payload, 'emaid'), eventId]));
      expect(before.size).toBeGreaterThan(0);

      receiver.answer(status(200));
      await start();
      const told = () => receiver.received.filter(({ eventType }) => eventType === 'mo.contract.created.sent.to.oem');
      await vi.waitFor(() => {
        const emaidsTold = told().map(({ payload }) => String(at(payload, 'emaid')));
        expect(emaidsTold.sort()).toEqual(acknowledged.toSorted());
      }, PATIENCE);
      const created = receiver.received.filter(({ eventType }) => eventType === 'oem.contract.created');
      for (const emaid of acknowledged) {
        const ids = created.filter(({ payload }) => at(payload, 'emaid') === emaid).map(({ eventId }) => eventId);
        expect(new Set(ids).size).toBe(1);
        if (before.has(emaid)) expect(ids[0]).toBe(before.get(emaid));
      }
    },
    LONG_TEST_MS,
  );

  test(
    'ok/two on one database: each event once and in order, and one of them takes over when the other is killed',
    async () => {
      const start = await processes();
      const [one, other] = [await start(), await start()];
      const receiver = await startReceiver();
      const enabledEvents = ['oem.contract.created', 'oem.contract.deleted'];
      await register(one.url, { url: receiver.url, enabledEvents });
      const { pcid } = await publishedCar(one.url);
      const emaids = Array.from({ length: 20 }, () => randomEmaid());
      const life = async (emaid: string, url: string) => {
        expect(await generate(url, pcid, emaid)).toBe(201);
        expect((await call(url, opnc.withdraw(emaid))).status).toBe(200);
      };
      await Promise.all(emaids.map((emaid, index) => life(emaid, index % 2 === 0 ? one.url : other.url)));
      await vi.waitFor(() => expect(receiver.received).toHaveLength(40), PATIENCE);
      expect(new Set(receiver.received.map(({ eventId }) => eventId)).size).toBe(40);
      for (const emaid of emaids) {
        const types = receiver.received.filter(({ payload }) => at(payload, 'emaid') === emaid);
        expect(types.map(({ eventType }) => eventType)).toEqual(enabledEvents);
      }

      receiver.answer(() => undefined);
      const last = randomEmaid();
      await life(last, other.url);
      await vi.waitFor(() => expect(receiver.received).toHaveLength(41), PATIENCE);
      await kill(one.process, 'SIGKILL');
      receiver.answer(status(200));
      await vi.waitFor(() => {
        const types = receiver.received.filter(({ payload }) => at(payload, 'emaid') === last);
        expect(types.at(-1)?.eventType).toBe('oem.contract.deleted');
        // Sent again where the other one died in the middle of it, under the id it had.
        expect(new Set(types.map(({ eventId }) => eventId)).size).toBe(2);
      }, PATIENCE);
    },
    LONG_TEST_MS,
  );

  test('ok/ends in order on SIGTERM while an endpoint does not answer, and what was under way is sent again', async () => {
    const start = await processes();
    const first = await start();
    const receiver = await startReceiver(() => undefined);
    const { path } = await register(first.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(first.url, { method: 'POST', path: `${path}/test` });
    await vi.waitFor(() => expect(receiver.received).toHaveLength(1), PATIENCE);
    expect(await kill(first.process, 'SIGTERM')).toBe(0);
    receiver.answer(status(200));
    const second = await start();
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2), PATIENCE);
    expect(receiver.received[1]?.eventId).toBe(receiver.received[0]?.eventId);
    await vi.waitFor(async () => {
      const { json } = await call(second.url, { method: 'GET', path: `${path}/deliveries` });
      expect(at(json, 'deliveries', 0)).toMatchObject({ state: 'delivered', attempts: 1 });
    }, PATIENCE);
  });
});
