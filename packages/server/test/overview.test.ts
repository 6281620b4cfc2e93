/** What the overview counts, with two processes on one database, and the feed of what happens. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, namespace, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { partyWithToken } from './parties.ts';
import { installationReq, randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { deliveriesOf, eventually, register, startReceiver, status } from './webhook-receiver.ts';

const DAY_MS = 86_400_000;

describe.each(eachServer())('the overview on $kind', ({ start }) => {
  let server: TestServer;
  let other: TestServer;
  beforeAll(async () => {
    server = await start();
    other = await server.beside({});
  });

  const overview = async ({ url } = server) => (await call(url, { method: 'GET', path: '/admin/v1/overview' })).json;
  const expiry = async () => (await call(server.url, { method: 'GET', path: '/admin/v1/overview/expiry' })).json;
  const republish = ({ url }: TestServer, car: Car) => call(url, opnc.publish(car));

  const generate = (pcid: string, ends?: number) => generateFor(server.url, pcid, ends);

  /** In the hour that it is, or, when the test runs into the next one, in both. */
  function measured(answer: unknown): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const hour of Object(at(answer, 'hours'))) {
      for (const [measure, count] of Object.entries(Object(at(hour, 'counts')))) {
        sums[measure] = (sums[measure] ?? 0) + Number(count);
      }
    }
    return sums;
  }

  test('ok/what there is and what was done is counted once, whichever process does it', async () => {
    const car = await publishedCar(server.url);
    expect((await republish(other, car)).status).toBe(200);
    const data = await sealedContract(server.url, car);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    expect((await call(other.url, opnc.sign(data))).status).toBe(201);
    await generate(car.pcid);
    expect((await call(other.url, opnc.install(await installationReq(car)))).status).toBe(200);
    await eventually(async () => {
      const answer = await overview(other);
      expect(answer).toMatchObject({ vehicles: 1, contracts: 2 });
      expect(measured(answer)).toMatchObject({
        'vehicle.publish': 2,
        'contract.store': 3,
        'contract.deliver': 1,
      });
    });
    expect(await overview()).toEqual(await overview(other));

    expect((await call(server.url, opnc.depublish(car.pcid))).status).toBe(200);
    await eventually(async () => expect(await overview()).toMatchObject({ vehicles: 0, contracts: 0 }));
  });

  test('ok/refusals by what was asked and why, of both processes and over a restart', async () => {
    const car = await publishedCar(server.url);
    const request = await installationReq(car);
    for (const { url } of [server, other]) {
      expect((await call(url, opnc.install(request))).status).toBe(404);
      expect((await call(url, opnc.install(Buffer.from('nonsense')))).status).toBe(400);
    }
    other = await other.restart();
    await eventually(async () => {
      expect(measured(await overview())).toMatchObject({
        'refused install contract-or-vehicle-not-found': 2,
        'refused install exi-invalid': 2,
      });
    });
  });

  test('ok/what ends soon, in the span in which it does', async () => {
    const car = await publishedCar(server.url);
    const before = await expiry();
    await generate(car.pcid, Date.now() + 3 * DAY_MS);
    await generate(car.pcid, Date.now() + 20 * DAY_MS);
    await generate(car.pcid, Date.now() + 60 * DAY_MS);
    await generate(car.pcid, Date.now() + 300 * DAY_MS);
    const more = (span: string) => Number(at(before, 'contracts', span)) + 1;
    expect(await expiry()).toMatchObject({
      contracts: {
        expired: at(before, 'contracts', 'expired'),
        within7Days: more('within7Days'),
        within30Days: more('within30Days'),
        within90Days: more('within90Days'),
      },
      roots: { expired: 0 },
      authorities: { expired: 0 },
      mostCounted: 10_000,
    });
  });

  test('ok/what waits for an endpoint and what it did not take', async () => {
    const refusing = await startReceiver(status(400));
    const failing = await startReceiver(status(503));
    const car = await publishedCar(server.url);
    const enabledEvents = ['oem.contract.created'];
    const one = await register(server.url, { url: refusing.url, enabledEvents, pcid: car.pcid });
    const two = await register(server.url, { url: failing.url, enabledEvents, pcid: car.pcid });
    await generate(car.pcid);
    await eventually(async () => {
      expect(await deliveriesOf(server.url, one)).toMatchObject([{ state: 'rejected' }]);
      expect(await deliveriesOf(server.url, two)).toMatchObject([{ state: 'pending', attempts: 1 }]);
    });
    const { deliveries } = Object(await overview());
    expect(deliveries).toMatchObject({ waiting: 1, notTaken: 1, endpoints: 2, disabledEndpoints: 0 });
    // An hour to the second attempt.
    expect(Date.parse(deliveries.firstDueAt)).toBeGreaterThan(Date.now() + 1_800_000);
  });
});

interface Fed {
  readonly id: number;
  readonly operation: string;
  readonly object: string;
}

describe.each(eachServer())('the feed on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  /** What comes in, until it is closed. */
  async function listening(url: string, headers: Record<string, string> = {}) {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${url}/admin/v1/events/feed`, { headers, agent: false }, resolve).on('error', reject).end();
    });
    response.setEncoding('utf8');
    let text = '';
    let ended: 'not yet' | 'in order' | 'broken off' = 'not yet';
    response.on('data', (part) => {
      text += part;
    });
    response.on('end', () => {
      ended = 'in order';
    });
    response.on('error', () => {
      ended = 'broken off';
    });
    return {
      response,
      events: (): Fed[] =>
        [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data = '']) => ({
          id: Number(id),
          ...JSON.parse(data),
        })),
      ended: () => ended,
    };
  }

  test('ok/what happens comes in its order, from another process too, and goes on behind the last id', async () => {
    const other = await server.beside({});
    const first = await listening(server.url);
    expect(first.response.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' });
    const car = await publishedCar(other.url);
    await generateFor(other.url, car.pcid);
    await eventually(() => {
      const operations = first.events().filter(({ object }) => object === car.pcid);
      expect(operations.map(({ operation }) => operation)).toContain('vehicle.publish');
      expect(first.events().map(({ operation }) => operation)).toContain('contract.store');
    });
    first.response.destroy();
    const seen = first.events();
    const [middle] = seen.slice(-2);
    const again = await listening(other.url, { 'last-event-id': String(middle?.id) });
    await eventually(() => expect(again.events()).toEqual(seen.slice(-1)));
    again.response.destroy();
  });

  test('ok/ends in order when the server closes', async () => {
    const other = await server.beside({});
    const listener = await listening(other.url);
    await eventually(() => expect(listener.events().length).toBeGreaterThan(0));
    await other.restart();
    await eventually(() => expect(listener.ended()).toBe('in order'));
  });

  test('fail/an id that is none of the feed', async () => {
    const answer = await call(server.url, {
      method: 'GET',
      path: '/admin/v1/events/feed',
      headers: { 'last-event-id': 'the last one' },
    });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      errorMessages: ['Last-Event-ID : must be the id of an event of this feed'],
    });
  });

  test('fail/no more listeners than a process has room for, and room again when they go', async () => {
    const alone = await server.beside({});
    const listeners = await Promise.all(Array.from({ length: 100 }, () => listening(alone.url)));
    expect(new Set(listeners.map(({ response }) => response.statusCode))).toEqual(new Set([200]));
    expect((await call(alone.url, { method: 'GET', path: '/admin/v1/events/feed' })).status).toBe(429);
    for (const { response } of listeners) response.destroy();
    await eventually(async () => {
      const one = await listening(alone.url);
      one.response.destroy();
      expect(one.response.statusCode).toBe(200);
    });
  });

  test('fail/it is for operators', async () => {
    const guarded = await server.beside({ auth: 'oauth2' });
    const path = '/admin/v1/events/feed';
    expect((await call(guarded.url, { method: 'GET', path })).status).toBe(401);
    const oem = await partyWithToken(guarded, { roles: ['oem'], identifiers: { wmi: ['WMI'] } });
    expect((await call(guarded.url, { method: 'GET', path, headers: oem.headers })).status).toBe(403);
    const operator = await partyWithToken(guarded, { roles: ['operator'] });
    const listener = await listening(guarded.url, operator.headers);
    expect(listener.response.statusCode).toBe(200);
    listener.response.destroy();
  });
});

async function generateFor(url: string, pcid: string, ends = Date.now() + 3 * DAY_MS): Promise<void> {
  const body = {
    contractBegins: '2024-01-01T00:00:00Z',
    contractEnds: new Date(ends).toISOString(),
    emaid: randomEmaid(),
    pcid,
    xsdMsgDefNamespace: namespace,
  };
  const path = '/opnc/v1/cps/contractData/generateandsign';
  expect((await call(url, { method: 'PUT', path, body })).status).toBe(201);
}
