/** Deliveries to receivers that are slow, die, refuse or send elsewhere, with the clock in the test's hand. */
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import {
  deliveriesOf,
  eventually,
  expectSigned,
  type Receiver,
  register,
  startReceiver,
  status,
} from './webhook-receiver.ts';

const HOUR_MS = 3_600_000;
const told = ['mo.contract.queued.to.oem', 'mo.contract.rejected.by.oem', 'mo.contract.created.sent.to.oem'];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let car: Car;
  let now = Date.now();
  beforeAll(async () => {
    server = await start({ clock: { now: () => now } });
    car = await publishedCar(server.url);
  });

  async function contractFor(emaid: string) {
    const data = await sealedContract(server.url, car, emaid);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
  }

  /** An OEM and an eMSP that listen for one EMAID. */
  async function listeners(oem: Receiver, emaid: string) {
    const emsp = await startReceiver();
    const endpoint = await register(server.url, { url: oem.url, enabledEvents: ['oem.contract.created'], emaid });
    await register(server.url, { url: emsp.url, enabledEvents: told, emaid });
    return { emsp, endpoint };
  }

  const typesAt = ({ received }: Receiver) => received.map(({ eventType }) => eventType);
  const lastOf = async (endpoint: Awaited<ReturnType<typeof register>>) =>
    (await deliveriesOf(server.url, endpoint))[0];

  test.each<[string, Parameters<typeof startReceiver>[0], object]>([
    ['500', status(500, 'we are sorry'), { lastStatus: 500, lastAnswer: 'we are sorry' }],
    ['503', status(503), { lastStatus: 503, lastAnswer: '' }],
    ['404', status(404), { lastStatus: 404 }],
    ['a redirect to nowhere', status(302), { lastStatus: 302 }],
    ['a closed connection', (_, response) => response.destroy(), { lastAnswer: 'it cannot be reached' }],
    [
      'half an answer',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('half');
        response.destroy();
      },
      { lastAnswer: 'it cannot be reached' },
    ],
  ])('ok/%s: queued, told once, sent again after an hour with the same octets, then sent', async (_name, bad, seen) => {
    const oem = await startReceiver(bad);
    const emaid = randomEmaid();
    const { emsp, endpoint } = await listeners(oem, emaid);
    await contractFor(emaid);
    await eventually(() => expect(typesAt(emsp)).toEqual(['mo.contract.queued.to.oem']));
    const waiting = await lastOf(endpoint);
    expect(waiting).toMatchObject({ state: 'pending', attempts: 1, ...seen });
    const pause = Date.parse(String(at(waiting, 'nextAttemptAt'))) - Date.parse(String(at(waiting, 'lastAttemptAt')));
    expect(pause).toBeGreaterThanOrEqual(HOUR_MS);
    expect(pause).toBeLessThanOrEqual(1.1 * HOUR_MS);

    now += 1.1 * HOUR_MS;
    await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ attempts: 2 }));
    oem.answer(status(201));
    now += 1.1 * HOUR_MS;
    await eventually(() =>
      expect(typesAt(emsp)).toEqual(['mo.contract.queued.to.oem', 'mo.contract.created.sent.to.oem']),
    );
    expect(await lastOf(endpoint)).toMatchObject({ state: 'delivered', attempts: 3, lastStatus: 201 });
    expect(oem.received).toHaveLength(3);
    for (const one of oem.received) {
      expect(one.body).toEqual(oem.received[0]?.body);
      expectSigned(one, endpoint.secret);
    }
  });

  test('fail/after three retries, listed, and replayed under its id', async () => {
    const oem = await startReceiver(status(500));
    const emaid = randomEmaid();
    const { emsp, endpoint } = await listeners(oem, emaid);
    await contractFor(emaid);
    for (let attempts = 1; attempts <= 4; attempts++) {
      await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ attempts }));
      now += 1.1 * HOUR_MS;
    }
    expect(await deliveriesOf(server.url, endpoint, '?state=failed')).toMatchObject([{ attempts: 4, lastStatus: 500 }]);
    expect(typesAt(emsp)).toEqual(['mo.contract.queued.to.oem']);

    oem.answer(status(200));
    const path = `${endpoint.path}/deliveries/${at(await lastOf(endpoint), 'id')}/replay`;
    expect(await call(server.url, { method: 'POST', path })).toMatchObject({ status: 202, json: { state: 'pending' } });
    await eventually(() => expect(typesAt(emsp)).toContain('mo.contract.created.sent.to.oem'));
    expect(oem.received).toHaveLength(5);
    expect(new Set(oem.received.map(({ eventId }) => eventId)).size).toBe(1);
    // A delivery that was taken can be replayed too, and nothing is told of it a second time.
    await call(server.url, { method: 'POST', path });
    await eventually(() => expect(oem.received).toHaveLength(6));
    await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ state: 'delivered' }));
    expect(typesAt(emsp)).toEqual(['mo.contract.queued.to.oem', 'mo.contract.created.sent.to.oem']);
  });

  test.each([400, 409])('fail/%i: rejected, told, and not sent again', async (code) => {
    const oem = await startReceiver(status(code, 'no'));
    const emaid = randomEmaid();
    const { emsp, endpoint } = await listeners(oem, emaid);
    await contractFor(emaid);
    await eventually(() => expect(typesAt(emsp)).toEqual(['mo.contract.rejected.by.oem']));
    expect(await lastOf(endpoint)).toMatchObject({
      state: 'rejected',
      attempts: 1,
      lastStatus: code,
      lastAnswer: 'no',
    });
    now += 2 * HOUR_MS;
    await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(() => expect(typesAt(oem)).toContain('webhook.test'));
    expect(typesAt(oem)).toEqual(['oem.contract.created', 'webhook.test']);
  });

  test('ok/two OEM endpoints: what was sent is told once', async () => {
    const [one, other] = [await startReceiver(), await startReceiver()];
    const emaid = randomEmaid();
    const { emsp } = await listeners(one, emaid);
    await register(server.url, { url: other.url, enabledEvents: ['oem.contract.created'], emaid });
    await contractFor(emaid);
    await eventually(() => expect([one, other].map(({ received }) => received.length)).toEqual([1, 1]));
    expect(one.received[0]?.eventId).toBe(other.received[0]?.eventId);
    await eventually(async () => {
      const { db } = server.store;
      const rows = await db.selectFrom('webhook_delivery').select('id').where('state', '=', 'pending').execute();
      const events = await db.selectFrom('event').select('id').where('dispatched_at', 'is', null).execute();
      expect([rows, events]).toEqual([[], []]);
    });
    expect(typesAt(emsp)).toEqual(['mo.contract.created.sent.to.oem']);
  });

  test('ok/in order for one contract, while others go on', async () => {
    const [stuck, free] = [randomEmaid(), randomEmaid()];
    const oem = await startReceiver((received, response) => {
      response.writeHead(at(received.payload, 'emaid') === stuck && oem.received.length < 3 ? 500 : 200).end();
    });
    const enabledEvents = ['oem.contract.created', 'oem.contract.updated', 'oem.contract.deleted'];
    const endpoint = await register(server.url, { url: oem.url, enabledEvents, emaids: [stuck, free] });
    await contractFor(stuck);
    await eventually(() => expect(oem.received).toHaveLength(1));
    await contractFor(stuck);
    await call(server.url, opnc.withdraw(stuck));
    await contractFor(free);
    const seen = () => oem.received.map(({ eventType, payload }) => [eventType, at(payload, 'emaid')]);
    const first = ['oem.contract.created', stuck];
    await eventually(() => expect(seen()).toEqual([first, ['oem.contract.created', free]]));
    await call(server.url, opnc.withdraw(free));
    await eventually(() => expect(seen()).toHaveLength(3));
    now += 1.1 * HOUR_MS;
    await eventually(() =>
      expect(seen().slice(3)).toEqual([first, ['oem.contract.updated', stuck], ['oem.contract.deleted', stuck]]),
    );
    const deliveries = await deliveriesOf(server.url, endpoint);
    expect(deliveries.map((delivery) => at(delivery, 'state'))).toEqual(deliveries.map(() => 'delivered'));
  });

  test('ok/an endpoint that never answers, and a dead one, delay nobody', async () => {
    const silent = await startReceiver(() => undefined);
    const dead = await startReceiver();
    await dead.close();
    const alive = await startReceiver();
    const enabledEvents = ['oem.contract.created', 'oem.contract.deleted'];
    for (const { url } of [silent, dead, alive]) await register(server.url, { url, enabledEvents, pcid: car.pcid });
    const emaids = Array.from({ length: 12 }, () => randomEmaid());
    for (const emaid of emaids) await contractFor(emaid);
    for (const emaid of emaids) await call(server.url, opnc.withdraw(emaid));
    await eventually(() => expect(alive.received).toHaveLength(24));
    // No more at once than one endpoint may take, and of no contract the second before the first.
    expect(silent.received.length).toBeLessThanOrEqual(8);
    expect(new Set(typesAt(silent))).toEqual(new Set(['oem.contract.created']));
  });

  test('ok/a redirect that keeps the method is followed, with the same octets and signatures', async () => {
    const receiver = await startReceiver((received, response) => {
      if (received.path === '/first') response.writeHead(307, { location: '/second' }).end();
      else response.writeHead(204).end();
    });
    const endpoint = await register(server.url, { url: `${receiver.url}/first`, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ state: 'delivered', attempts: 1 }));
    const [first, second] = receiver.received;
    if (second === undefined) throw new Error('it was not followed');
    expect([first?.path, second.path]).toEqual(['/first', '/second']);
    expect(second.body).toEqual(first?.body);
    expectSigned(second, endpoint.secret);
  });

  test('ok/the secret before signs besides the new one for as long as was asked, and no longer', async () => {
    const receiver = await startReceiver();
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${endpoint.path}/secret?overlapHours=2` });
    const before = now;
    for (const [hours, count] of [
      [1.9, 1],
      [2, 2],
    ] as const) {
      now = before + hours * HOUR_MS;
      await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
      await eventually(() => expect(receiver.received).toHaveLength(count));
    }
    const withPrevious = receiver.received.map(({ headers }) => 'x-operator-signature-previous' in headers);
    expect(withPrevious).toEqual([true, false]);
  });

  test('fail/redirects without end', async () => {
    const receiver = await startReceiver((_, response) => response.writeHead(308, { location: '/again' }).end());
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(async () =>
      expect(await lastOf(endpoint)).toMatchObject({ state: 'pending', lastAnswer: 'it redirects too often' }),
    );
    expect(receiver.received).toHaveLength(4);
  });

  test('ok/an answer without end is cut', async () => {
    const receiver = await startReceiver((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(async () =>
      expect(await lastOf(endpoint)).toMatchObject({ state: 'delivered', lastAnswer: 'x'.repeat(500) }),
    );
  });

  test('ok/what waits for a disabled endpoint is sent when it is enabled again', async () => {
    const receiver = await startReceiver(status(500));
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ attempts: 1 }));
    const change = (word: string) =>
      call(server.url, { method: 'PUT', path: endpoint.path, body: { url: receiver.url, status: word } });
    await change('disabled');
    now += 2 * HOUR_MS;
    receiver.answer(status(200));
    const other = await startReceiver();
    const beside = await register(server.url, { url: other.url, enabledEvents: ['root.cert.added'] });
    await call(server.url, { method: 'POST', path: `${beside.path}/test` });
    await eventually(() => expect(other.received).toHaveLength(1));
    expect(receiver.received).toHaveLength(1);
    await change('enabled');
    await eventually(async () => expect(await lastOf(endpoint)).toMatchObject({ state: 'delivered', attempts: 2 }));
  });
});
