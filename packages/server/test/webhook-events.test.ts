/** What is told of when, to whom, and in which words; one vehicle's life over HTTP with receivers that listen. */
import { formatName } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, namespace, opcp, opnc } from './dialects.ts';
import { type Car, publishedCar, sealedContract } from './operations.ts';
import { issue } from './own-pki.ts';
import { base64, enrol, installationReq, randomEmaid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';
import { eventually, expectSigned, type Receiver, register, startReceiver } from './webhook-receiver.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const contractEvents = [
  'mo.prov.cert.updated',
  'mo.prov.cert.deleted',
  'mo.contract.delivered.to.oem',
  'mo.contract.created.sent.to.oem',
  'mo.contract.updated.sent.to.oem',
  'mo.contract.deleted.sent.to.oem',
  'mo.contract.rejected.by.oem',
  'mo.contract.queued.to.oem',
];
const oemEvents = ['oem.contract.created', 'oem.contract.updated', 'oem.contract.deleted'];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const typesAt = ({ received }: Receiver) => received.map(({ eventType }) => eventType);

  async function contractFor(car: Car, emaid = randomEmaid()) {
    const data = await sealedContract(server.url, car, emaid);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    return data;
  }

  test('ok/the life of a contract, told to eMSP and OEM of that vehicle', async () => {
    const [emsp, oem] = [await startReceiver(), await startReceiver()];
    const car = await publishedCar(server.url);
    const ofCar = { pcid: car.pcid };
    const { secret } = await register(server.url, { url: emsp.url, enabledEvents: contractEvents, ...ofCar });
    await register(server.url, { url: oem.url, enabledEvents: oemEvents, ...ofCar });

    const data = await contractFor(car);
    await eventually(() => expect(typesAt(emsp)).toEqual(['mo.contract.created.sent.to.oem']));
    await contractFor(car, data.emaid);
    await eventually(() => expect(typesAt(emsp)).toHaveLength(2));
    const installed = await call(server.url, opnc.install(await installationReq(car)));
    expect(installed.status).toBe(200);
    await eventually(() => expect(typesAt(emsp)).toHaveLength(3));
    const provide = `/v1/ccp/provideSignedContractData/${data.emaid}/${car.pcid}`;
    expect((await call(server.url, { method: 'GET', path: provide })).status).toBe(200);
    expect((await call(server.url, opcp.withdraw(data.emaid))).status).toBe(200);
    await eventually(() => {
      expect(typesAt(oem)).toEqual(oemEvents);
      expect(typesAt(emsp)).toEqual([
        'mo.contract.created.sent.to.oem',
        'mo.contract.updated.sent.to.oem',
        'mo.contract.delivered.to.oem',
        'mo.contract.delivered.to.oem',
        'mo.contract.deleted.sent.to.oem',
      ]);
    });

    for (const one of emsp.received) {
      expectSigned(one, secret);
      expect(one.eventId).toMatch(UUID);
      expect(Object.keys(Object(one.content)).sort()).toEqual(
        ['eventId', 'eventType', 'payload', 'timestamp', 'xsdMsgDefNamespace'].sort(),
      );
      expect(at(one.content, 'xsdMsgDefNamespace')).toBe(namespace);
      expect(Date.parse(String(at(one.content, 'timestamp')))).toBeGreaterThan(Date.now() - 60_000);
    }
    expect(oem.received[0]?.payload).toEqual({
      emaid: data.emaid,
      pcid: car.pcid,
      contractCert: base64(data.contract.certificate.der),
      cpsSignerRootFingerprint: car.root.fingerprint,
      cpsSignerRootCommonName: at(emsp.received[0]?.payload, 'cpsSignerRootCommonName'),
      signatureAlgorithm: 'secp256r1',
    });
    expect(String(at(oem.received[0]?.payload, 'cpsSignerRootCommonName'))).not.toBe('');
    expect(formatName(car.root.subject)).toContain(`CN=${at(oem.received[0]?.payload, 'cpsSignerRootCommonName')}, `);
    expect(emsp.received[0]?.payload).toEqual(oem.received[0]?.payload);
    expect(new Set([...emsp.received, ...oem.received].map(({ eventId }) => eventId)).size).toBe(8);
  });

  test('ok/no OEM that listens, so nothing was sent to one', async () => {
    const emsp = await startReceiver();
    const car = await publishedCar(server.url);
    await register(server.url, { url: emsp.url, enabledEvents: contractEvents, pcid: car.pcid });
    const data = await contractFor(car);
    await call(server.url, opnc.withdraw(data.emaid));
    await contractFor(car);
    await call(server.url, opnc.install(await installationReq(car)));
    await eventually(() => expect(typesAt(emsp)).toEqual(['mo.contract.delivered.to.oem']));
  });

  test('ok/a new key and a depublication are told once for each EMAID', async () => {
    const emsp = await startReceiver();
    const car = await publishedCar(server.url);
    await register(server.url, { url: emsp.url, enabledEvents: contractEvents, pcid: car.pcid });
    const first = [await contractFor(car), await contractFor(car)].map(({ emaid }) => emaid);
    const again = { ...(await enrol(server.url, 'oem', car.pcid)), pcid: car.pcid };
    expect((await call(server.url, opcp.publish(again))).status).toBe(200);
    await eventually(() => expect(typesAt(emsp)).toHaveLength(2));
    expect(typesAt(emsp)).toEqual(['mo.prov.cert.updated', 'mo.prov.cert.updated']);
    expect(emsp.received.map(({ payload }) => at(payload, 'emaid')).sort()).toEqual(first.sort());
    // The same certificate again is no news.
    expect((await call(server.url, opcp.publish(again))).status).toBe(200);
    const { emaid } = await contractFor(again);
    expect((await call(server.url, opnc.depublish(car.pcid))).status).toBe(200);
    await eventually(() => expect(typesAt(emsp)).toHaveLength(3));
    expect(emsp.received[2]).toMatchObject({ eventType: 'mo.prov.cert.deleted', payload: { emaid, pcid: car.pcid } });
  });

  test.each([
    ['OPNC', (pcid: string) => `/opnc/v1/pcp/provisioningcertificates/${pcid}/contracts`],
    ['OPCP', (pcid: string) => `/v1/oem/provCerts/${pcid}/contracts`],
  ])('ok/factory reset in the %s: the vehicle stays, its contracts go, their eMSPs are told', async (_name, path) => {
    const [one, other, long] = [await startReceiver(), await startReceiver(), await startReceiver()];
    const car = await publishedCar(server.url);
    const ofCar = { pcid: car.pcid };
    const enabledEvents = ['mo.prov.cert.updated.factory.reset', 'oem.contract.deleted'];
    await register(server.url, { url: one.url, enabledEvents, ...ofCar });
    await register(server.url, { url: other.url, enabledEvents: ['emsp.prov.cert.factory.reset'], ...ofCar }, 'opnc');
    const inReference = ['emsp.prov.cert.updated.factory.reset'];
    await register(server.url, { url: long.url, enabledEvents: inReference, ...ofCar }, 'opnc');
    const contracts = [await contractFor(car), await contractFor(car)];
    const emaids = contracts.map(({ emaid }) => emaid).sort();
    const reset = { method: 'DELETE', path: path(car.pcid) };
    expect(await call(server.url, reset)).toMatchObject({ status: 200, text: '' });
    const heard = { [one.url]: 'mo.prov.cert.factory.reset', [other.url]: 'emsp.prov.cert.factory.reset' };
    for (const receiver of [one, other, long]) {
      await eventually(() => expect(receiver.received).toHaveLength(2));
      expect(receiver.received.map(({ payload }) => at(payload, 'emaid')).sort()).toEqual(emaids);
      const name = heard[receiver.url] ?? 'emsp.prov.cert.updated.factory.reset';
      expect(typesAt(receiver)).toEqual([name, name]);
    }
    expect((await call(server.url, opnc.vehicle(car.pcid))).status).toBe(200);
    const left = await call(server.url, { method: 'GET', path: `/v1/ccp/signedContractData/${car.pcid}` });
    expect(left).toMatchObject({ status: 200, json: { XMLContracts: [] } });
    const { db } = server.store;
    const names = contracts.map(({ contract }) => contract.certificate.fingerprint);
    const issued = await db
      .selectFrom('issued_certificate')
      .select('revoked_at')
      .where('fingerprint', 'in', names)
      .execute();
    expect(issued.map(({ revoked_at }) => revoked_at === null)).toEqual([false, false]);
    // Without contracts there is nothing to tell of; the car can have new ones.
    expect((await call(server.url, reset)).status).toBe(200);
    await contractFor(car);
    await call(server.url, opnc.depublish(car.pcid));
    expect((await call(server.url, reset)).status).toBe(404);
    expect(typesAt(one)).toHaveLength(2);
  });

  test('ok/roots are told to all, whatever else they filter', async () => {
    const listener = await startReceiver();
    const enabledEvents = ['root.cert.added', 'root.cert.revoked'];
    await register(server.url, { url: listener.url, enabledEvents, emaid: randomEmaid() }, 'opnc');
    const { certificate } = await issue({ profile: 'root', commonName: 'Told root' });
    const body = { caCertificate: base64(certificate.der), rootTypeList: ['OEM', 'V2G'], rootType: 'OEM' };
    const path = '/opnc/v1/rcp/rootcertificates';
    const added = await call(server.url, { method: 'PUT', path, body });
    // A second time is no news.
    await call(server.url, { method: 'PUT', path, body });
    const rootCertificateId = at(added.json, 'rootCertificate', 'rootCertificateId');
    await call(server.url, { method: 'DELETE', path: `${path}/${rootCertificateId}` });
    await eventually(() => expect(listener.received).toHaveLength(4));
    expect(listener.received.map(({ eventType, payload }) => [eventType, at(payload, 'rootType')])).toEqual([
      ['root.cert.added', 'V2G'],
      ['root.cert.added', 'OEM'],
      ['root.cert.revoked', 'V2G'],
      ['root.cert.revoked', 'OEM'],
    ]);
    expect(listener.received[1]?.payload).toEqual({
      rootCertificateId,
      distinguishedName: formatName(certificate.subject),
      commonName: 'Told root',
      rootType: 'OEM',
      rootSerialNumber: certificate.serialHex,
      signatureAlgorithm: 'secp256r1',
      fingerprintSHA256: certificate.fingerprint,
    });
  });

  test('ok/one event, two dialects: one id, and words of each', async () => {
    const [one, other] = [await startReceiver(), await startReceiver()];
    const car = await publishedCar(server.url);
    const ofCar = { pcid: car.pcid };
    await register(server.url, { url: one.url, enabledEvents: ['emsp.contract.delivered.to.oem'], ...ofCar }, 'opnc');
    await register(server.url, { url: other.url, enabledEvents: ['mo.contract.delivered.to.oem'], ...ofCar });
    await contractFor(car);
    await call(server.url, opnc.install(await installationReq(car)));
    await eventually(() =>
      expect([typesAt(one), typesAt(other)]).toEqual([
        ['emsp.contract.delivered.to.oem'],
        ['mo.contract.delivered.to.oem'],
      ]),
    );
    expect(one.received[0]?.eventId).toBe(other.received[0]?.eventId);
    expect(one.received[0]?.payload).toEqual(other.received[0]?.payload);
  });

  test('ok/a vehicle of both editions: each contract is told with its own, and an EMAID of both once', async () => {
    const listener = await startReceiver();
    const { pcid, ...first } = await publishedCar(server.url);
    const second = await enrol(server.url, 'oem', pcid, 'secp521r1');
    const namespace20 = 'urn:iso:15118:20:2022:MsgDef';
    const published = await call(server.url, {
      method: 'PUT',
      path: '/v1/oem/provCerts',
      body: {
        vehicleCertificate: base64(second.certificate.der),
        subCA1Certificate: base64(second.subCa1.der),
        subCA2Certificate: base64(second.subCa2.der),
        xsdMsgDefNamespace: namespace20,
      },
    });
    expect([published.status, first.root.publicKey.curve]).toEqual([200, 'secp256r1']);
    const enabledEvents = [...oemEvents, 'mo.prov.cert.deleted'];
    await register(server.url, { url: listener.url, enabledEvents, pcid });
    const emaid = randomEmaid();
    for (const xsdMsgDefNamespace of [namespace, namespace20]) {
      const contractBegins = new Date(Date.now() - 60_000).toISOString();
      const contractEnds = new Date(Date.now() + 3_600_000).toISOString();
      const body = { contractBegins, contractEnds, emaid, pcid, xsdMsgDefNamespace };
      const path = '/v1/cps/generate/signedContractData';
      expect((await call(server.url, { method: 'PUT', path, body })).status).toBe(201);
    }
    await call(server.url, opnc.depublish(pcid));
    await eventually(() => expect(listener.received).toHaveLength(3));
    expect(
      listener.received.map(({ eventType, content, payload }) => [
        eventType,
        at(content, 'xsdMsgDefNamespace'),
        at(payload, 'signatureAlgorithm'),
        at(payload, 'emaid'),
      ]),
    ).toEqual([
      ['oem.contract.created', namespace, 'secp256r1', emaid],
      ['oem.contract.created', namespace20, 'secp521r1', emaid],
      ['mo.prov.cert.deleted', namespace, 'secp256r1', emaid],
    ]);
  });

  test('ok/filters: by WMI, provider id, PCID and EMAID, and all that are given must fit', async () => {
    const listener = await startReceiver();
    const car = await publishedCar(server.url);
    const emaid = randomEmaid('DEF8T');
    const enabledEvents = ['oem.contract.created'];
    const filters = {
      all: {},
      wmi: { wmi: ['XXX', 'WMI'], pcid: car.pcid },
      'other wmi': { wmi: ['XXX'], pcid: car.pcid },
      provider: { providerIds: ['DE-F8T'], pcid: car.pcid },
      'other provider': { providerIds: ['DEXXX'], pcid: car.pcid },
      emaid: { emaid: `${emaid.slice(0, 2)}-${emaid.slice(2, 5)}-${emaid.slice(5)}` },
      'other emaid': { emaids: [randomEmaid()] },
      'emaid, but other pcid': { emaid, pcid: 'WMI00000000000000' },
    };
    for (const [name, filter] of Object.entries(filters)) {
      const url = `${listener.url}/${encodeURIComponent(name)}`;
      await register(server.url, { url, enabledEvents, ...filter }, 'opnc');
    }
    await contractFor(car, emaid);
    await eventually(() => expect(listener.received).toHaveLength(4));
    expect(listener.received.map(({ path }) => decodeURIComponent(path.slice(1))).sort()).toEqual(
      ['all', 'emaid', 'provider', 'wmi'].sort(),
    );
  });

  test('ok/what nobody enabled is not written down', async () => {
    const quiet = await start();
    const car = await publishedCar(quiet.url);
    await call(quiet.url, opnc.sign(await sealedContract(quiet.url, car)));
    await call(quiet.url, opnc.install(await installationReq(car)));
    expect(await quiet.store.db.selectFrom('event').select('id').execute()).toEqual([]);
  });

  test('fail/what was refused is not told', async () => {
    const listener = await startReceiver();
    const [car, other] = [await publishedCar(server.url), await publishedCar(server.url)];
    const { emaid } = await contractFor(car);
    await register(server.url, { url: listener.url, enabledEvents: [...contractEvents, ...oemEvents], emaid });
    const taken = await sealedContract(server.url, other, emaid);
    expect((await call(server.url, opnc.sign(taken))).status).toBe(400);
    expect((await call(server.url, opnc.withdraw(emaid))).status).toBe(200);
    await eventually(() => expect(typesAt(listener)).toContain('mo.contract.deleted.sent.to.oem'));
    expect(typesAt(listener)).toEqual(['oem.contract.deleted', 'mo.contract.deleted.sent.to.oem']);
  });
});
