/** What peers tell of their vehicles, and what becomes of the contracts that those have here. */
import { createHmac, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { at, call, list, opnc } from './dialects.ts';
import { addPeer, answering, falsePeer, trust } from './peers.ts';
import { enrol, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let here: TestServer;
  let home: TestServer;
  beforeAll(async () => {
    [here, home] = [await start({ ownPublicUrl: true }), await start()];
    await trust(here, [home]);
  }, 60_000);

  /** At home, with a contract of home's, so that its events are told; and with another one here. */
  async function guest(): Promise<Leaf & { pcid: string; emaid: string }> {
    const pcid = randomPcid();
    const car = { ...(await enrol(home.url, 'oem', pcid)), pcid };
    expect((await call(home.url, opnc.publish(car))).status).toBe(200);
    for (const [server, emaid] of [[home, randomEmaid()] as const]) {
      const contract = await enrol(server.url, 'mo', emaid);
      const data = { emaid, pcid, contract, ...sealedFor(car.certificate, contract) };
      expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    }
    const emaid = randomEmaid();
    const contract = await enrol(here.url, 'mo', emaid);
    const data = { emaid, pcid, contract, ...sealedFor(car.certificate, contract) };
    expect((await call(here.url, opnc.sign(data))).status).toBe(201);
    return { ...car, emaid };
  }

  const contractsHere = async ({ pcid }: { pcid: string }) =>
    await here.store.db.selectFrom('contract').select('emaid').where('pcid', '=', pcid).execute();

  const subscription = (method: string, id: string) => ({ method, path: `/admin/v1/peers/${id}/subscription` });

  test.each(['opnc', 'opcp'])(
    'ok/a vehicle that goes, changes or forgets takes its contracts here with it, by %s',
    async (dialect) => {
      const id = await addPeer(here, home.url, { dialect });
      expect((await call(here.url, subscription('GET', id))).status).toBe(404);
      expect((await call(here.url, subscription('PUT', id))).status).toBe(200);
      expect((await call(here.url, subscription('GET', id))).status).toBe(200);

      const [gone, renewed, reset] = [await guest(), await guest(), await guest()];
      expect((await call(home.url, opnc.depublish(gone.pcid))).status).toBe(200);
      const other = { ...(await enrol(home.url, 'oem', renewed.pcid)), pcid: renewed.pcid };
      expect((await call(home.url, opnc.publish(other))).status).toBe(200);
      const contracts = `/opnc/v1/pcp/provisioningcertificates/${reset.pcid}/contracts`;
      expect((await call(home.url, { method: 'DELETE', path: contracts })).status).toBeLessThan(300);
      for (const car of [gone, renewed, reset]) {
        await vi.waitFor(async () => expect(await contractsHere(car)).toEqual([]), { timeout: 15_000 });
      }
      const kept = await here.store.db.selectFrom('vehicle').select(['pcid', 'fingerprint']).execute();
      expect(kept.find(({ pcid }) => pcid === gone.pcid)).toBeUndefined();
      expect(kept.find(({ pcid }) => pcid === renewed.pcid)?.fingerprint).toBe(other.certificate.fingerprint);

      expect((await call(here.url, subscription('DELETE', id))).status).toBe(200);
      const endpoints = await call(home.url, { method: 'GET', path: '/admin/v1/webhooks/endpoints' });
      expect(list(at(endpoints.json, 'endpoints'))).toEqual([]);
      expect((await call(here.url, { method: 'DELETE', path: `/admin/v1/peers/${id}` })).status).toBe(200);
    },
    60_000,
  );

  describe('what is received', () => {
    const secret = 'the-secret-of-the-endpoint';
    let id = '';

    async function subscribed() {
      const peer = await falsePeer(
        answering(201, { id: randomUUID(), url: 'http://x.example', enabledEvents: [], secret, status: 'enabled' }),
      );
      const added = await addPeer(here, peer.url);
      onTestFinished(async () => {
        expect((await call(here.url, { method: 'DELETE', path: `/admin/v1/peers/${added}` })).status).toBe(200);
      });
      id = added;
      expect((await call(here.url, subscription('PUT', id))).status).toBe(200);
      return peer;
    }

    async function send(content: object, headers: Record<string, string> = {}) {
      const body = JSON.stringify(content);
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const response = await fetch(`${here.url}/federation/v1/events/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'X-Operator-Signature': signature, ...headers },
        body,
      });
      await response.text();
      return response.status;
    }

    const event = (changes: object = {}) => ({
      ...{ eventId: randomUUID(), eventType: 'root.cert.added', timestamp: new Date().toISOString(), payload: {} },
      ...changes,
    });

    test('ok/signed by the secret, in any of the headers; told twice it is used once', async () => {
      await subscribed();
      const one = event();
      expect([await send(one), await send(one)]).toEqual([200, 200]);
      const used = await here.store.db.selectFrom('peer_event').select('event_id').where('peer_id', '=', id).execute();
      expect(used.map(({ event_id }) => event_id)).toEqual([one.eventId]);
      const body = JSON.stringify(event());
      const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const response = await fetch(`${here.url}/federation/v1/events/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'X-Hubject-Signature': signature },
        body,
      });
      expect(response.status).toBe(200);
      await response.text();
    });

    test('ok/what nobody knew is asked again', async () => {
      const peer = await subscribed();
      const pcid = randomPcid();
      const unknown = await falsePeer(answering(404, {}));
      const other = await addPeer(here, unknown.url);
      const disabled = await call(here.url, { method: 'PUT', path: `/admin/v1/peers/${id}`, body: { roles: [] } });
      expect(disabled.status).toBe(200);
      for (let times = 0; times < 2; times++) await call(here.url, opnc.vehicle(pcid));
      expect(unknown.asked).toHaveLength(1);
      expect(await send(event({ eventType: 'oem.contract.created' }))).toBe(200);
      await call(here.url, opnc.vehicle(pcid));
      expect(unknown.asked).toHaveLength(2);
      expect(peer.asked.length).toBeGreaterThan(0);
      expect((await call(here.url, { method: 'DELETE', path: `/admin/v1/peers/${other}` })).status).toBe(200);
    });

    test('fail/a wrong signature, none, an old event, one of the future, no event, an unknown peer', async () => {
      await subscribed();
      expect(await send(event(), { 'X-Operator-Signature': '00'.repeat(32) })).toBe(401);
      expect(await send(event(), { 'X-Operator-Signature': '' })).toBe(401);
      expect(await send(event({ timestamp: new Date(Date.now() - 2 * 86_400_000).toISOString() }))).toBe(400);
      expect(await send(event({ timestamp: new Date(Date.now() + 3_600_000).toISOString() }))).toBe(400);
      expect(await send(event({ timestamp: undefined }))).toBe(400);
      expect(await send(event({ eventId: undefined }))).toBe(400);
      id = randomUUID();
      expect(await send(event())).toBe(404);
    });
  });
});
