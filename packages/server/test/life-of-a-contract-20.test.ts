/** The main job for cars of ISO 15118-20, over HTTP, in every dialect and on every database. */
import { decode, iso15118_20Common, toXml } from '@plugpool/exi';
import { namespaceOfEdition } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, DIALECTS, opcp, opnc } from './dialects.ts';
import { base64, enrol, installationReq, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import {
  type Car20,
  contractIn20,
  in20,
  installationReq20,
  opened20,
  publishedCar20,
  responseCode20,
  responseIn20,
  sealedContract20,
  type Wish,
} from './roles-20.ts';
import { eachServer, type TestServer } from './running-server.ts';

const curves = ['secp521r1', 'ed448'] as const;
const namespace = namespaceOfEdition('ISO15118-20');

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const install = async (car: Car20, wish?: Wish, dialect = opnc) => {
    const answer = await call(server.url, in20(dialect.install(await installationReq20(car, wish))));
    return { status: answer.status, delivered: dialect.delivered(answer.json) };
  };
  const installedEmaids = async (car: Car20, wish?: Wish) =>
    (await install(car, wish)).delivered.map((res) => opened20(res, car).emaid);
  const generate = (emaid: string, pcid: string, path = '/opnc/v1/cps/contractData/generateandsign') => ({
    method: 'PUT',
    path,
    body: {
      contractBegins: '2024-01-01T00:00:00Z',
      contractEnds: new Date(Date.now() + 86_400_000).toISOString(),
      emaid,
      pcid,
      xsdMsgDefNamespace: namespace,
    },
  });

  describe.each(DIALECTS)('in $name', (dialect) => {
    test.each(curves)('ok/from enrolment to the key in the car, and withdrawn, on %s', async (curve) => {
      const pcid = randomPcid();
      const car = { ...(await publishedCar20(server.url, curve, pcid)), pcid };
      expect((await call(server.url, in20(dialect.publish(car)))).status).toBe(dialect.published);
      const data = await sealedContract20(server.url, car);
      expect(await call(server.url, in20(dialect.sign(data)))).toMatchObject({ status: dialect.signed });
      const { status, delivered } = await install(car, undefined, dialect);
      expect([status, delivered.length]).toEqual([200, 1]);
      expect(opened20(delivered[0] ?? '', car)).toEqual({
        emaid: data.emaid,
        sessionId: '0102030405060708',
        remaining: 0,
        signature: true,
        cpsCurve: curve,
        keyFits: true,
      });
      expect((await call(server.url, dialect.withdraw(data.emaid))).status).toBe(200);
      const again = await install(car, undefined, dialect);
      expect([again.status, responseCode20(again.delivered[0])]).toEqual([404, 'WARNING_NoContractMatchingPCIDFound']);
    });
  });

  test.each(['/opnc/v1/cps/contractData/generateandsign', '/v1/cps/generate/signedContractData'])(
    'ok/generated at %s',
    async (path) => {
      const car = await publishedCar20(server.url, 'secp521r1');
      const emaid = randomEmaid();
      expect(await call(server.url, generate(emaid, car.pcid, path))).toMatchObject({ status: 201, text: '' });
      const { delivered } = await install(car);
      expect(opened20(delivered[0] ?? '', car)).toMatchObject({ emaid, signature: true, keyFits: true });
    },
  );

  test('ok/an EMAID of the longer form', async () => {
    const car = await publishedCar20(server.url, 'secp521r1');
    const emaid = `DEPPLC${'0123456789ABCDEFGHIJ'}`;
    expect((await call(server.url, generate(emaid, car.pcid))).status).toBe(201);
    expect(await installedEmaids(car)).toEqual([emaid]);
    const provided = await call(server.url, {
      method: 'GET',
      path: `/opnc/v1/ccp/signedcontractdata/${emaid}/${car.pcid}?sessionID=aabbccddeeff0011&xsdMsgDefNamespace=${namespace}`,
    });
    const [res] = opnc.delivered(provided.json);
    expect(opened20(res ?? '', car)).toMatchObject({ emaid, sessionId: 'aabbccddeeff0011', signature: true });
  });

  test('fail/nothing is generated for an Ed448 vehicle, and the answer says why', async () => {
    const car = await publishedCar20(server.url, 'ed448');
    const refused = await call(server.url, generate(randomEmaid(), car.pcid));
    expect(refused.status).toBe(400);
    expect(String(at(refused.json, 'errorMessages', 0))).toMatch(/^pcid : .*Ed448.*57.*56.*eMSP/);
    expect((await install(car)).status).toBe(404);
  });

  test('ok/as many as the car wants, in its order, then the default, then by age', async () => {
    const car = await publishedCar20(server.url, 'secp521r1');
    const emaids: string[] = [];
    for (let each = 0; each < 4; each++) emaids.push((await contractIn20(server.url, car)).emaid);
    const [a = '', b = '', c = '', d = ''] = emaids;
    const setDefault = { method: 'POST', path: `/v1/ccp/signedContractData/${car.pcid}/${c}/default` };
    expect((await call(server.url, setDefault)).status).toBe(200);
    expect(await installedEmaids(car)).toEqual([c]);
    expect(await installedEmaids(car, { most: 255 })).toEqual([c, a, b, d]);
    expect(await installedEmaids(car, { most: 3, prioritized: [d, randomEmaid(), b] })).toEqual([d, b, c]);
    const { delivered } = await install(car, { most: 3 });
    expect(delivered.map((res) => responseIn20(res).RemainingContractCertificateChains)).toEqual([2, 1, 0]);
    for (const dialect of DIALECTS) {
      expect((await install(car, { most: 4 }, dialect)).delivered).toHaveLength(4);
    }
    const none = await install(car, { most: 0 });
    expect([none.status, responseCode20(none.delivered[0])]).toEqual([400, 'FAILED']);
  });

  test('ok/both editions side by side under one PCID, each with its default', async () => {
    const pcid = randomPcid();
    const car20 = await publishedCar20(server.url, 'secp521r1', pcid);
    const first = await contractIn20(server.url, car20);
    const car2 = { ...(await enrol(server.url, 'oem', pcid)), pcid };
    expect((await call(server.url, opnc.publish(car2))).status).toBe(200);
    const emaid = randomEmaid();
    const contract = await enrol(server.url, 'mo', emaid);
    const data = { emaid, pcid, contract, ...sealedFor(car2.certificate, contract) };
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    expect((await call(server.url, opnc.install(await installationReq(car2)))).status).toBe(200);
    expect(await installedEmaids(car20, { most: 9 })).toEqual([first.emaid]);
    // One EMAID in both editions is one contract with data for each.
    await contractIn20(server.url, car20, emaid);
    expect(await installedEmaids(car20, { most: 9, prioritized: [emaid] })).toEqual([emaid, first.emaid]);
    // A new key in one edition takes the data of that edition alone.
    const newKey = { ...(await enrol(server.url, 'oem', pcid, 'secp521r1')), pcid };
    expect((await call(server.url, in20(opnc.publish(newKey)))).status).toBe(200);
    expect((await install(newKey)).status).toBe(404);
    expect((await call(server.url, opnc.install(await installationReq(car2)))).status).toBe(200);
  });

  test('ok/signed elsewhere and brought in as EXI or XML is delivered as it is', async () => {
    const car = await publishedCar20(server.url, 'ed448');
    const data = await sealedContract20(server.url, car);
    const signing = in20(opnc.sign(data));
    const { pcid: _stored, ...bundle } = Object(at(signing.body, 'contractCertificateBundle'));
    const body = { ...Object(signing.body), contractCertificateBundle: bundle };
    const signed = await call(server.url, { ...signing, body });
    expect(signed.status).toBe(201);
    const res = String(at(signed.json, 'signedContractData', 'certificateInstallationRes'));
    expect(at(signed.json, 'signedContractData', 'pcid')).toBeUndefined();
    const common = { emaid: data.emaid, pcid: car.pcid, xsdMsgDefNamespace: namespace };
    const document = decode(iso15118_20Common, Buffer.from(res, 'base64'));
    const xml = base64(Buffer.from(toXml(iso15118_20Common, document)));
    const ways = [
      { path: '/opnc/v1/ccp/signedcontractdata', body: { certificateInstallationRes: res, ...common } },
      { path: '/v1/ccp/signedContractData', body: { signedContractDataXML: xml, ...common } },
    ];
    for (const way of ways) {
      expect(await call(server.url, { method: 'PUT', ...way })).toMatchObject({ status: 201 });
      const { delivered } = await install(car);
      expect(opened20(delivered[0] ?? '', car)).toMatchObject({ emaid: data.emaid, signature: true, keyFits: true });
      const withdrawn = { ...opcp.withdraw(data.emaid), headers: { 'x-skip-revocation': 'true' } };
      expect((await call(server.url, withdrawn)).status).toBe(200);
    }
  });
});
