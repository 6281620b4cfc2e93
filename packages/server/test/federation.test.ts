/** Ecosystems that ask each other for what is unknown to them. */
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { at, call, DIALECTS, list, opcp, opnc, type SealedContract } from './dialects.ts';
import { addParty } from './parties.ts';
import { addPeer, answering, falsePeer, nobody, removePeer, silence, trust } from './peers.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { in20, installationReq20, publishedCar20, sealedContract20 } from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

type Car = Leaf & { readonly pcid: string };

async function publishedCar({ url }: TestServer): Promise<Car> {
  const pcid = randomPcid();
  const car = { ...(await enrol(url, 'oem', pcid)), pcid };
  expect((await call(url, opnc.publish(car))).status).toBe(200);
  return car;
}

/** Of the MO CA of one server. */
async function contractOf({ url }: TestServer, car: Car, emaid = randomEmaid()): Promise<SealedContract> {
  const contract = await enrol(url, 'mo', emaid);
  return { emaid, pcid: car.pcid, contract, ...sealedFor(car.certificate, contract) };
}

const lookup = (pcid: string) => ({ method: 'GET', path: `/opnc/v1/pcp/lookupvehicle/${pcid}` });
const generate = (emaid: string, pcid: string) => ({
  method: 'PUT',
  path: '/opnc/v1/cps/contractData/generateandsign',
  body: {
    contractBegins: '2024-01-01T00:00:00Z',
    contractEnds: new Date(Date.now() + 86_400_000).toISOString(),
    emaid,
    pcid,
    xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
  },
});

describe.each(eachServer())('on $kind', ({ start }) => {
  let a: TestServer;
  let b: TestServer;
  let c: TestServer;
  beforeAll(async () => {
    [a, b, c] = [await start({ peerDeadlineMs: 5000 }), await start(), await start()];
    await trust(a, [b, c]);
    await trust(b, [a, c]);
    await trust(c, [a, b]);
  }, 60_000);

  /** For the length of the test. */
  async function peers(server: TestServer, urls: readonly string[], more: Readonly<Record<string, unknown>> = {}) {
    const ids: string[] = [];
    for (const url of urls) ids.push(await addPeer(server, url, more));
    onTestFinished(async () => {
      for (const id of ids) await removePeer(server, id);
    });
  }

  describe('in a ring', () => {
    async function ring() {
      await peers(a, [b.url]);
      await peers(b, [c.url]);
      await peers(c, [a.url]);
    }

    test('ok/what the next one knows is found', async () => {
      await ring();
      const car = await publishedCar(c);
      expect((await call(b.url, opnc.vehicle(car.pcid))).status).toBe(200);
    });

    test('fail/a call goes one step and no further, so it never comes back', async () => {
      await ring();
      const car = await publishedCar(c);
      expect((await call(a.url, opnc.vehicle(car.pcid))).status).toBe(404);
      const forwarded = { ...opnc.vehicle(car.pcid), headers: { broadcast: 'true' } };
      expect((await call(b.url, forwarded)).status).toBe(404);
      expect((await call(b.url, { ...lookup(car.pcid), headers: { broadcast: 'TRUE' } })).status).toBe(404);
      expect((await call(b.url, { ...generate(randomEmaid(), car.pcid), headers: { broadcast: 'true' } })).status).toBe(
        400,
      );
    });

    test('fail/what nobody knows is answered as if there were no peers', async () => {
      await ring();
      const refusals = ['The OEM provisioning certificate with given PCID is not found.'];
      const pcid = randomPcid();
      expect(await call(a.url, opnc.vehicle(pcid))).toMatchObject({ status: 404, json: { errorMessages: refusals } });
      expect((await call(a.url, lookup(pcid))).status).toBe(404);
    });
  });

  describe.each(['opnc', 'opcp'] as const)('asking peers in %s', (dialect) => {
    test.each(DIALECTS)(
      'ok/a vehicle of another ecosystem is fetched, in $name',
      async ({ vehicle, vehicleCertificate }) => {
        await peers(a, [b.url, c.url], { dialect });
        const car = await publishedCar(c);
        const fetched = await call(a.url, vehicle(car.pcid.toLowerCase()));
        expect(fetched.status).toBe(200);
        expect(vehicleCertificate(fetched.json)).toBe(base64(car.certificate.der));
      },
    );

    test('ok/it is looked up', async () => {
      await peers(a, [b.url, c.url], { dialect });
      const car = await publishedCar(b);
      expect((await call(a.url, lookup(car.pcid))).status).toBe(200);
      expect((await call(a.url, { method: 'GET', path: `/v1/oem/provCerts/lookupVehicle/${car.pcid}` })).status).toBe(
        200,
      );
    });

    test.each(DIALECTS)('ok/a car gets its contract from elsewhere, in $name', async ({ install, delivered }) => {
      await peers(a, [b.url, c.url], { dialect });
      const car = await publishedCar(c);
      const data = await contractOf(c, car);
      expect((await call(c.url, opnc.sign(data))).status).toBe(201);
      const installed = await call(a.url, install(await installationReq(car)));
      expect(installed.status).toBe(200);
      const direct = await call(c.url, opcp.install(await installationReq(car)));
      expect(delivered(installed.json)).toEqual(opcp.delivered(direct.json));
    });

    test('ok/in ISO 15118-20 it gets all that it asks for', async () => {
      await peers(a, [b.url, c.url], { dialect });
      const car = await publishedCar20(c.url, 'secp521r1');
      for (const _ of [1, 2]) {
        expect((await call(c.url, in20(opnc.sign(await sealedContract20(c.url, car))))).status).toBe(201);
      }
      const exi = await installationReq20(car, { most: 2 });
      const installed = await call(a.url, in20(opnc.install(exi)));
      expect(installed.status).toBe(200);
      expect(opnc.delivered(installed.json)).toHaveLength(2);
    });
  });

  describe('vehicles of others', () => {
    test.each([
      ['generated', 'ours'],
      ['signed', 'own'],
    ])('ok/a contract is %s here, and installed here and where the vehicle is at home', async (_what, pki) => {
      await peers(a, [c.url]);
      await peers(c, [a.url]);
      const car = await publishedCar(c);
      const data = await contractOf(a, car);
      const made = pki === 'ours' ? generate(data.emaid, car.pcid) : opnc.sign(data);
      expect(await call(a.url, made)).toMatchObject({ status: 201 });
      for (const { url } of [a, c]) {
        const installed = await call(url, opnc.install(await installationReq(car)));
        expect(installed).toMatchObject({
          status: 200,
          json: { signedContractDataCollection: [{ emaid: data.emaid, pcid: car.pcid }] },
        });
      }
    });

    test('ok/such a vehicle is not published here: its own ecosystem is asked for it', async () => {
      const id = await addPeer(a, c.url);
      const car = await publishedCar(c);
      expect((await call(a.url, generate(randomEmaid(), car.pcid))).status).toBe(201);
      await removePeer(a, id);
      expect((await call(a.url, opnc.vehicle(car.pcid))).status).toBe(404);
      expect((await call(a.url, lookup(car.pcid))).status).toBe(404);
      const more = await call(a.url, generate(randomEmaid(), car.pcid));
      expect(more.status, 'what is kept of it has to do').toBe(201);
    });

    test('ok/a new key at home takes the contracts here with it', async () => {
      await peers(a, [c.url]);
      const car = await publishedCar(c);
      const first = randomEmaid();
      expect((await call(a.url, generate(first, car.pcid))).status).toBe(201);
      const renewed = { ...(await enrol(c.url, 'oem', car.pcid)), pcid: car.pcid };
      expect((await call(c.url, opnc.publish(renewed))).status).toBe(200);
      expect((await call(a.url, generate(randomEmaid(), car.pcid))).status).toBe(201);
      expect((await call(a.url, opnc.withdraw(first))).status).toBe(404);
      expect((await call(a.url, opnc.install(await installationReq(renewed)))).status).toBe(200);
    });

    test('fail/nothing is kept of a vehicle whose contract was refused', async () => {
      const id = await addPeer(a, c.url);
      const car = await publishedCar(c);
      const data = await contractOf(a, await publishedCar(a));
      expect((await call(a.url, opnc.sign(data))).status).toBe(201);
      const taken = await call(a.url, generate(data.emaid, car.pcid));
      expect(taken).toMatchObject({ status: 400 });
      await removePeer(a, id);
      expect((await call(a.url, generate(randomEmaid(), car.pcid))).status).toBe(400);
    });
  });

  describe('peers that do not do what they should', () => {
    test('ok/dead and silent ones do not keep a good answer', async () => {
      const silent = await falsePeer(silence);
      await peers(a, [await nobody(), silent.url], { priority: 1 });
      await peers(a, [c.url]);
      const car = await publishedCar(c);
      expect((await call(a.url, opnc.vehicle(car.pcid))).status).toBe(200);
    });

    test('fail/alone they cost the deadline, and the answer is what it would have been here', async () => {
      const hasty = await a.beside({ peerDeadlineMs: 200 });
      const silent = await falsePeer(silence);
      await peers(hasty, [await nobody(), silent.url]);
      const pcid = randomPcid();
      expect(await call(hasty.url, opnc.vehicle(pcid))).toMatchObject({
        status: 404,
        json: { errorMessages: ['The OEM provisioning certificate with given PCID is not found.'] },
      });
      const car = await publishedCar(c);
      const refused = await call(hasty.url, opnc.install(await installationReq(car), { alwaysReturnEXI: 'false' }));
      expect(refused).toMatchObject({ status: 404, json: { errorMessages: ['Contract or Vehicle not found.'] } });
    });

    test.each([
      ['an error', answering(500, { errorMessages: ['broken'] })],
      ['no JSON', (_: unknown, response: { end(text: string): unknown }) => response.end('<html>')],
      ['another shape', answering(200, { provisioningCertificate: null })],
      ['no right', answering(401, {})],
    ])('fail/%s is no answer', async (_name, answer) => {
      const peer = await falsePeer(answer);
      await peers(a, [peer.url]);
      expect((await call(a.url, opnc.vehicle(randomPcid()))).status).toBe(404);
      expect(peer.asked).toHaveLength(1);
    });

    test('fail/one that fails again and again is left alone', async () => {
      const peer = await falsePeer(answering(503, {}));
      await peers(a, [peer.url]);
      for (let times = 0; times < 7; times++) {
        expect((await call(a.url, opnc.vehicle(randomPcid()))).status).toBe(404);
      }
      expect(peer.asked).toHaveLength(5);
    });

    test('ok/a "no" is remembered for a while', async () => {
      const peer = await falsePeer(answering(404, { errorMessages: ['no'] }));
      await peers(a, [peer.url]);
      const pcid = randomPcid();
      for (let times = 0; times < 3; times++) await call(a.url, opnc.vehicle(pcid));
      expect(peer.asked).toHaveLength(1);
    });

    test('ok/who asks whom is passed on, and that the call is forwarded', async () => {
      const peer = await falsePeer(answering(404, {}));
      await peers(a, [peer.url]);
      const headers = { 'OPNC-from-party-type': 'emsp', 'OPNC-from-party-id': 'DE8AA', 'OPNC-to-party-id': 'WMI' };
      const answer = await call(a.url, { ...opnc.vehicle(randomPcid()), headers });
      expect(peer.asked[0]?.headers).toMatchObject({
        broadcast: 'true',
        'opnc-from-party-type': 'emsp',
        'opnc-from-party-id': 'DE8AA',
        'opnc-to-party-id': 'WMI',
        'x-request-id': answer.headers.get('x-trace-id'),
      });
    });
  });

  describe('peers that lie', () => {
    test('fail/another vehicle than the one that was asked for', async () => {
      const other = await publishedCar(c);
      const honest = await call(c.url, opnc.vehicle(other.pcid));
      const peer = await falsePeer(answering(200, honest.json));
      await peers(a, [peer.url]);
      expect((await call(a.url, opnc.vehicle(randomPcid()))).status).toBe(404);
      expect((await call(a.url, opnc.vehicle(other.pcid))).status, 'the same answer to the right question').toBe(200);
    });

    test('fail/a vehicle under a root that is not trusted here', async () => {
      const stranger = await start();
      const car = await publishedCar(stranger);
      await peers(a, [stranger.url]);
      expect((await call(a.url, opnc.vehicle(car.pcid))).status).toBe(404);
      expect((await call(a.url, generate(randomEmaid(), car.pcid))).status).toBe(400);
      await trust(a, [stranger]);
      expect((await call(a.url, opnc.vehicle(car.pcid))).status).toBe(200);
    });

    test('fail/signed contract data of a CPS that is not trusted here, of another session, and changed on the way', async () => {
      const stranger = await start();
      await trust(stranger, [c]);
      const car = await publishedCar(c);
      expect((await call(stranger.url, opnc.publish(car))).status).toBe(200);
      expect((await call(stranger.url, opnc.sign(await contractOf(c, car)))).status).toBe(201);
      const request = await installationReq(car);
      const strange = await call(stranger.url, opnc.install(request));
      expect((await call(c.url, opnc.sign(await contractOf(c, car)))).status).toBe(201);
      const good = await call(c.url, opnc.install(request));
      const otherSession = await call(c.url, opnc.install(await installationReq(car, [car.root], Uint8Array.of(9))));
      for (const answer of [strange.json, otherSession.json, spoilt(good.json)]) {
        const peer = await falsePeer(answering(200, answer));
        const id = await addPeer(a, peer.url);
        expect((await call(a.url, opnc.install(request))).status).toBe(404);
        expect(peer.asked).toHaveLength(1);
        await removePeer(a, id);
      }
      const peer = await falsePeer(answering(200, good.json));
      await peers(a, [peer.url]);
      expect((await call(a.url, opnc.install(request))).status, 'as it was').toBe(200);
    });

    test('fail/nobody is asked for a car that has not signed', async () => {
      const peer = await falsePeer(answering(404, {}));
      await peers(a, [peer.url]);
      const car = await publishedCar(c);
      const other = await publishedCar(c);
      const forged = await installationReq({ ...car, key: other.key });
      expect((await call(a.url, opnc.install(forged))).status).toBe(404);
      expect(peer.asked).toHaveLength(0);
    });
  });

  test('ok/a peer with access control is asked with its credentials, which no answer shows and no row has in the clear', async () => {
    const guarded = await start({ auth: 'oauth2', allowPrivateTargets: true });
    const { clientId, clientSecret } = await addParty(guarded, {
      roles: ['emsp', 'cpo'],
      identifiers: { providerId: ['DEPPL'] },
    });
    const oem = await addParty(guarded, { roles: ['operator'] });
    const token = await call(guarded.url, {
      method: 'POST',
      path: '/oauth/token',
      body: { grant_type: 'client_credentials', client_id: oem.clientId, client_secret: oem.clientSecret },
    });
    const headers = { authorization: `Bearer ${String(Object(token.json).access_token)}` };
    await trust(guarded, [c], headers);
    const pcid = randomPcid();
    const car = { ...(await enrol(c.url, 'oem', pcid)), pcid };
    expect((await call(guarded.url, { ...opnc.publish(car), headers })).status).toBe(200);

    for (const dialect of ['opnc', 'opcp']) {
      const without = await addPeer(a, guarded.url, { dialect });
      expect((await call(a.url, opnc.vehicle(pcid))).status).toBe(404);
      await removePeer(a, without);
      const id = await addPeer(a, guarded.url, { dialect, clientId, clientSecret });
      expect((await call(a.url, opnc.vehicle(pcid))).status).toBe(200);
      const shown = await call(a.url, { method: 'GET', path: `/admin/v1/peers/${id}` });
      expect(shown.text).toContain(clientId);
      expect(shown.text).not.toContain(clientSecret);
      expect(shown.json).toMatchObject({ resting: false });
      const roots = await call(a.url, { method: 'GET', path: `/admin/v1/peers/${id}/roots` });
      expect(roots.status).toBe(200);
      expect(list(at(roots.json, 'roots')).map((root) => at(root, 'trusted'))).toContain(false);
      const row = await a.store.db
        .selectFrom('peer')
        .select('client_secret')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      expect(Buffer.from(row.client_secret ?? []).toString('latin1')).not.toContain(clientSecret);
      await removePeer(a, id);
    }
  });
});

/** With one bit of the message turned. */
function spoilt(answer: unknown): unknown {
  const [res = ''] = opnc.delivered(answer);
  const octets = Buffer.from(res, 'base64');
  const middle = octets.length >> 1;
  octets[middle] = (octets[middle] ?? 0) ^ 1;
  return JSON.parse(JSON.stringify(answer).replace(res, octets.toString('base64')));
}
