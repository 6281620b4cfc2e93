/** What cleansing takes out of the pools and what it leaves, who hears of it, and that two at once do it once. */
import { pino } from 'pino';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { partyRegister } from '../src/access/party-register.ts';
import { startCleansingSchedule } from '../src/cleansing/cleansing-schedule.ts';
import { buildEcosystem } from '../src/compose/ecosystem-of-rooms.ts';
import type { Store } from '../src/store/store.ts';
import { at, call, list, namespace, opnc } from './dialects.ts';
import { asLeaf, endForeignServers, type ForeignPki, foreignPki, httpServer, listOf } from './foreign-pki.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { DAY_MS, issue } from './own-pki.ts';
import { pkiOn } from './pki.ts';
import { base64, randomEmaid, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { eventually, type Receiver, register, startReceiver } from './webhook-receiver.ts';

const HOUR_MS = 3_600_000;
const none = { expired: 0, revoked: 0 };
const nothing = { roots: none, vehicles: none, contracts: { ...none, withVehicle: 0 }, events: 0 };

endForeignServers();

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let now = Date.now();
  beforeAll(async () => {
    server = await start({ clock: { now: () => now } });
  });

  /** Cleansing as another process on the server's database has it. */
  function cleansingOn(store: Store, revocation: 'soft-fail' | 'off' = 'off', clockAt = () => now) {
    const { pki, keys } = pkiOn(store, clockAt);
    const ecosystem = buildEcosystem({
      store,
      clock: { now: clockAt },
      logger: pino({ level: 'silent' }),
      pki,
      secrets: keys.secrets,
      parties: partyRegister({ store, clock: { now: clockAt } }),
      settings: {
        revocation,
        allowPrivateTargets: true,
        peers: [],
        peerDeadlineMs: 3000,
        publicUrl: 'http://127.0.0.1:8080',
        eventRetentionDays: 30,
      },
    });
    return ecosystem.cleanse;
  }

  const cleanse = (dryRun = false) => cleansingOn(server.store)({ dryRun });

  async function generated(car: Car, lasts: number): Promise<string> {
    const emaid = randomEmaid();
    const body = {
      contractBegins: new Date(now - HOUR_MS).toISOString(),
      contractEnds: new Date(now + lasts).toISOString(),
      emaid,
      pcid: car.pcid,
      xsdMsgDefNamespace: namespace,
    };
    const path = '/opnc/v1/cps/contractData/generateandsign';
    expect((await call(server.url, { method: 'PUT', path, body })).status).toBe(201);
    return emaid;
  }

  async function signed(car: Car) {
    const data = await sealedContract(server.url, car);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    return data;
  }

  async function revoke(certificate: Uint8Array) {
    const body = { certificate: base64(certificate), revocationReason: 'superseded' };
    const answer = await call(server.url, { method: 'POST', path: '/opnc/v1/pki/revokeCertificate', body });
    expect(answer.status).toBe(200);
  }

  async function emaidsOf(pcid: string): Promise<unknown[]> {
    const { json } = await call(server.url, { method: 'GET', path: `/v1/ccp/signedContractData/${pcid}` });
    return list(at(json, 'XMLContracts')).map((entry) => at(entry, 'emaid'));
  }

  const told = ({ received }: Receiver) =>
    received.map(({ eventType, payload }) => [eventType, at(payload, 'emaid')]).sort();

  test('ok/events that were told go when they are as old as configured, and no earlier', async () => {
    const { store, url } = await start();
    const receiver = await startReceiver();
    const endpoint = await register(url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(url, { method: 'POST', path: `${endpoint.path}/test` });
    const settled = () => store.db.selectFrom('webhook_delivery').select('state').execute();
    await eventually(async () => expect(await settled()).toEqual([{ state: 'delivered' }]));
    const eventsGoneAfter = async (days: number) => {
      const later = Date.now() + days * DAY_MS;
      return (await cleansingOn(store, 'off', () => later)({ dryRun: false })).events;
    };
    expect([await eventsGoneAfter(29), await eventsGoneAfter(30), await eventsGoneAfter(31)]).toEqual([0, 1, 0]);
  });

  test('ok/nothing to do', async () => {
    const car = await publishedCar(server.url);
    const { emaid } = await signed(car);
    expect(await cleanse()).toEqual(nothing);
    expect(await emaidsOf(car.pcid)).toEqual([emaid]);
  });

  test('ok/expired and revoked contracts, and nothing else of their vehicle', async () => {
    const listener = await startReceiver();
    const car = await publishedCar(server.url);
    const enabledEvents = ['oem.contract.deleted', 'mo.prov.cert.deleted'];
    await register(server.url, { url: listener.url, enabledEvents, pcid: car.pcid });
    const expired = await generated(car, 2 * HOUR_MS);
    const revoked = await signed(car);
    const good = await signed(car);
    await revoke(revoked.contract.certificate.der);
    now += 3 * HOUR_MS;
    const contracts = { expired: 1, revoked: 1, withVehicle: 0 };
    expect(await cleanse(true)).toEqual({ ...nothing, contracts });
    expect(await emaidsOf(car.pcid)).toHaveLength(3);
    expect(await cleanse()).toEqual({ ...nothing, contracts });
    expect(await emaidsOf(car.pcid)).toEqual([good.emaid]);
    expect(await cleanse()).toEqual(nothing);
    await eventually(() => expect(listener.received).toHaveLength(2));
    expect(told(listener)).toEqual([expired, revoked.emaid].map((emaid) => ['oem.contract.deleted', emaid]).sort());
    const { db } = server.store;
    const rows = await db.selectFrom('contract').select('emaid').where('pcid', '=', car.pcid).execute();
    expect(rows.map(({ emaid }) => emaid)).toEqual([good.emaid]);
  });

  test('ok/a revoked vehicle goes with its contracts, which are revoked', async () => {
    const listener = await startReceiver();
    const car = await publishedCar(server.url);
    const enabledEvents = ['oem.contract.deleted', 'mo.prov.cert.deleted'];
    await register(server.url, { url: listener.url, enabledEvents, pcid: car.pcid });
    const contracts = [await signed(car), await signed(car)];
    await revoke(car.certificate.der);
    expect(await cleanse()).toEqual({
      ...nothing,
      vehicles: { expired: 0, revoked: 1 },
      contracts: { ...none, withVehicle: 2 },
    });
    expect((await call(server.url, opnc.vehicle(car.pcid))).status).toBe(404);
    await eventually(() => expect(listener.received).toHaveLength(2));
    expect(told(listener)).toEqual(contracts.map(({ emaid }) => ['mo.prov.cert.deleted', emaid]).sort());
    const fingerprints = contracts.map(({ contract }) => contract.certificate.fingerprint);
    const { db } = server.store;
    const issued = db.selectFrom('issued_certificate').select('revoked_at').where('fingerprint', 'in', fingerprints);
    expect((await issued.execute()).every(({ revoked_at }) => revoked_at !== null)).toBe(true);
  });

  test('ok/an expired root is told as expired', async () => {
    const listener = await startReceiver();
    const enabledEvents = ['root.cert.expired', 'root.cert.revoked'];
    await register(server.url, { url: listener.url, enabledEvents });
    const order = {
      profile: 'root',
      commonName: 'Short root',
      notBefore: now - DAY_MS,
      notAfter: now + HOUR_MS,
    } as const;
    const { certificate } = await issue(order);
    const body = { caCertificate: base64(certificate.der), rootType: 'MO' };
    const added = await call(server.url, { method: 'PUT', path: '/v1/root/rootCerts', body });
    expect(added.status).toBe(200);
    expect(await cleanse()).toEqual(nothing);
    now += 2 * HOUR_MS;
    expect(await cleanse()).toEqual({ ...nothing, roots: { expired: 1, revoked: 0 } });
    await eventually(() => expect(listener.received).toHaveLength(1));
    expect(listener.received[0]).toMatchObject({
      eventType: 'root.cert.expired',
      payload: { commonName: 'Short root', fingerprintSHA256: certificate.fingerprint },
    });
    const id = String(at(added.json, 'RootResponse', 'rootCertificateId'));
    expect((await call(server.url, opnc.root(id))).status).toBe(404);
  });

  test('ok/a foreign vehicle that its list revokes later, and one that nobody can tell of stays', async () => {
    const lists = new Map<string, Uint8Array>();
    const url = await httpServer((request, response) => {
      const found = lists.get(request.url ?? '');
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    const foreign: ForeignPki = await foreignPki('Elsewhere', { crl: `${url}/sub.crl` });
    lists.set('/leaf.crl', await listOf(foreign.subCa2, []));
    lists.set('/sub.crl', await listOf(foreign.subCa1, []));
    const body = { caCertificate: base64(foreign.root.certificate.der), rootType: 'OEM' };
    expect((await call(server.url, { method: 'PUT', path: '/v1/root/rootCerts', body })).status).toBe(200);
    const leaf = async (crl: string) => {
      const pcid = randomPcid();
      return { pcid, ...asLeaf(foreign, await foreign.leaf('oem', pcid, { crl: `${url}/${crl}` })) };
    };
    const [revoked, unknown] = [await leaf('leaf.crl'), await leaf('nowhere.crl')];
    for (const car of [revoked, unknown]) expect((await call(server.url, opnc.publish(car))).status).toBe(200);
    lists.set('/leaf.crl', await listOf(foreign.subCa2, [revoked.certificate]));
    const summary = await cleansingOn(server.store, 'soft-fail')({ dryRun: false });
    expect(summary.vehicles).toEqual({ expired: 0, revoked: 1 });
    expect((await call(server.url, opnc.vehicle(revoked.pcid))).status).toBe(404);
    expect((await call(server.url, opnc.vehicle(unknown.pcid))).status).toBe(200);
  });

  test('ok/a period is run by one replica, and the next one again', async () => {
    const summaries: unknown[] = [];
    const replicas = [server.store, (await server.beside({})).store].map((store) =>
      startCleansingSchedule({
        store,
        clock: { now: () => now },
        everyMs: () => DAY_MS,
        cleanse: () => cleansingOn(store)({ dryRun: false }),
        note: (_message, summary) => summaries.push(summary),
      }),
    );
    onTestFinished(async () => {
      for (const { stop } of replicas) await stop();
    });
    for (let period = 1; period <= 2; period++) {
      const ran = await Promise.all(replicas.flatMap(({ runIfDue }) => [runIfDue(), runIfDue()]));
      expect(ran.filter(Boolean)).toHaveLength(1);
      expect(summaries).toHaveLength(period);
      now += DAY_MS;
    }
    const rows = await server.store.db.selectFrom('cleansing').selectAll().orderBy('started_at').execute();
    expect(rows.map(({ started_by, finished_at }) => [started_by, finished_at !== null])).toEqual([
      ['schedule', true],
      ['schedule', true],
    ]);
    expect(JSON.parse(rows[0]?.summary ?? '')).toEqual(summaries[0]);
  });

  test('ok/old events go when nobody waits for them', async () => {
    const listener = await startReceiver();
    const dead = await startReceiver();
    await dead.close();
    const enabledEvents = ['oem.contract.created'];
    const car = await publishedCar(server.url);
    const { id } = await register(server.url, { url: listener.url, enabledEvents, pcid: car.pcid });
    await signed(car);
    await eventually(() => expect(listener.received).toHaveLength(1));
    const waiting = await register(server.url, { url: dead.url, enabledEvents, pcid: car.pcid });
    await signed(car);
    const { db } = server.store;
    const deliveries = (endpoint: string) =>
      db.selectFrom('webhook_delivery').select('state').where('endpoint_id', '=', endpoint).execute();
    await eventually(async () =>
      expect(await deliveries(id)).toEqual([{ state: 'delivered' }, { state: 'delivered' }]),
    );
    const path = `${waiting.path}`;
    await call(server.url, { method: 'PUT', path, body: { url: dead.url, status: 'disabled' } });
    now += 31 * DAY_MS;
    await cleanse();
    expect(await deliveries(id)).toHaveLength(1);
    expect(await deliveries(waiting.id)).toMatchObject([{ state: 'pending' }]);
  });

  test('ok/when everything is expired nothing is left, whatever there is of it', async () => {
    const cars = await Promise.all(Array.from({ length: 40 }, () => publishedCar(server.url)));
    for (const car of cars.slice(0, 5)) await signed(car);
    now += 100 * 365 * DAY_MS;
    const seen: number[] = [];
    const progress = { total: (entries: number) => seen.push(entries), done: (entries: number) => seen.push(-entries) };
    const summary = await cleansingOn(server.store)({ dryRun: false, progress });
    expect(summary.vehicles.expired).toBeGreaterThanOrEqual(40);
    expect(summary.contracts.withVehicle).toBeGreaterThanOrEqual(5);
    expect(summary.roots.expired).toBeGreaterThan(0);
    for (const table of [
      'vehicle',
      'contract',
      'signed_contract_data',
      'default_contract',
      'root_certificate',
    ] as const) {
      const rows = await server.store.db.selectFrom(table).selectAll().execute();
      expect([table, rows.length]).toEqual([table, 0]);
    }
    // Contracts that went with their vehicles are not looked at.
    expect(seen.reduce((a, b) => a + b, 0)).toBe(summary.contracts.withVehicle);
  });
});
