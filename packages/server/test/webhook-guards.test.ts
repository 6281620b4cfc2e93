/** Where webhooks must not go: internal addresses by any way, and servers that cannot prove who they are. */
import { createServer } from 'node:https';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { startDeliveryWorker } from '../src/events/delivery/delivery-worker.ts';
import { webhookDeliveries } from '../src/events/delivery/webhook-deliveries.ts';
import type { HearingRights } from '../src/events/hearing.ts';
import { webhookEndpoints } from '../src/events/webhook-endpoints.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { type OutgoingRules, outgoingHttp } from '../src/outgoing/outgoing-http.ts';
import { openssl } from './openssl.ts';
import { pkiOn } from './pki.ts';
import { eachStore, type TestStore } from './stores.ts';
import { eventually, startReceiver } from './webhook-receiver.ts';

describe.each(eachStore())('on $kind', ({ open }) => {
  /** Endpoints that were registered when everything was allowed, and a worker that keeps to the rules. */
  function roomOn(
    store: TestStore,
    rules: OutgoingRules,
    rightsOf: () => HearingRights | undefined = () => 'everything',
  ) {
    const clock = systemClock;
    const { secrets } = pkiOn(store).keys;
    const worker = startDeliveryWorker({
      store,
      clock,
      secrets,
      send: outgoingHttp(rules),
      rightsOf: async () => rightsOf,
      retry: { retryMs: 3_600_000, random: Math.random },
      note: () => undefined,
    });
    onTestFinished(worker.stop);
    const recorded = worker.wake;
    const endpoints = webhookEndpoints({ store, clock, secrets, targets: { allowPrivateTargets: true }, recorded });
    const deliveries = webhookDeliveries({ store, clock, recorded });
    return async (url: string) => {
      const caller = { dialect: 'opcp' } as const;
      const { id } = await endpoints.create(caller, { url, enabledEvents: ['root.cert.added'] });
      await endpoints.test(caller, id);
      return await eventually(async () => {
        const [delivery] = await deliveries.list({ endpointId: id, limit: 1 });
        expect(delivery?.attempts).toBe(1);
        return delivery;
      });
    };
  }

  test('ok/what waits for a party that may hear nothing waits until it may', async () => {
    const receiver = await startReceiver();
    let rights: HearingRights | undefined;
    let asked = 0;
    const delivered = roomOn(await open(), { allowPrivateTargets: true }, () => {
      asked++;
      return rights;
    });
    const delivery = delivered(receiver.url);
    await eventually(() => expect(asked).toBeGreaterThan(2));
    expect(receiver.received).toEqual([]);
    rights = 'everything';
    expect(await delivery).toMatchObject({ state: 'delivered' });
    expect(receiver.received).toHaveLength(1);
  });

  const refused = { state: 'pending', lastAnswer: 'its address is internal, which is not allowed' };

  test('fail/an internal address, and a name that means one', async () => {
    const receiver = await startReceiver();
    const port = new URL(receiver.url).port;
    const asked: string[] = [];
    const delivered = roomOn(await open(), {
      allowPrivateTargets: false,
      async resolve(hostname) {
        asked.push(hostname);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    for (const host of ['127.0.0.1', 'localhost', 'receiver.example']) {
      expect(await delivered(`http://${host}:${port}/`)).toMatchObject(refused);
    }
    expect(asked).toEqual(['localhost', 'receiver.example']);
    expect(receiver.received).toEqual([]);
  });

  test('fail/a redirect to an internal address, or to a name that means one', async () => {
    const inside = await startReceiver();
    const port = new URL(inside.url).port;
    const delivered = roomOn(await open(), {
      allowPrivateTargets: false,
      isInternal: (address) => address !== '127.0.0.1',
      resolve: async () => [{ address: '127.0.0.2', family: 4 }],
    });
    for (const target of [`http://127.0.0.2:${port}/`, `http://inside.example:${port}/`]) {
      const outside = await startReceiver((_, response) => response.writeHead(307, { location: target }).end());
      expect(await delivered(outside.url)).toMatchObject(refused);
      expect(outside.received).toHaveLength(1);
    }
    expect(inside.received).toEqual([]);
  });

  test('fail/a certificate that nobody vouches for', async () => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '-'];
    const pem = await openssl(['req', '-x509', ...key, '-subj', '/CN=localhost', '-days', '1', '-batch']);
    let requests = 0;
    const server = createServer({ key: pem, cert: pem }, (_, response) => {
      requests++;
      response.end();
    });
    const port = await listenLocally(server);
    onTestFinished(() => {
      server.close();
    });
    const delivered = roomOn(await open(), { allowPrivateTargets: true });
    expect(await delivered(`https://localhost:${port}/`)).toMatchObject({
      state: 'pending',
      lastAnswer: 'it cannot be reached',
    });
    expect(requests).toBe(0);
  });
});
