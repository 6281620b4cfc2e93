/** The main job, over HTTP, in every dialect and on every database. */
import { decode, iso15118_2 } from '@plugpool/exi';
import { openContractKey, readCertificate, verifyMessageSignature } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, DIALECTS, list, namespace, opnc, type SealedContract } from './dialects.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  async function vehicle(): Promise<Leaf & { pcid: string }> {
    const pcid = randomPcid();
    return { ...(await enrol(server.url, 'oem', pcid)), pcid };
  }

  async function contractFor(car: Leaf & { pcid: string }, emaid = randomEmaid()): Promise<SealedContract> {
    const contract = await enrol(server.url, 'mo', emaid);
    return { emaid, pcid: car.pcid, contract, ...sealedFor(car.certificate, contract) };
  }

  describe.each(DIALECTS)('in $name', (dialect) => {
    test('ok/from enrolment to the key in the car, and withdrawn', async () => {
      const car = await vehicle();
      expect((await call(server.url, dialect.publish(car))).status).toBe(dialect.published);
      const fetched = await call(server.url, dialect.vehicle(car.pcid.toLowerCase()));
      expect(fetched.status).toBe(200);
      expect(dialect.vehicleCertificate(fetched.json)).toBe(base64(car.certificate.der));

      const data = await contractFor(car);
      expect(await call(server.url, dialect.sign(data))).toMatchObject({ status: dialect.signed });

      const installed = await call(server.url, dialect.install(await installationReq(car)));
      expect(installed.status).toBe(200);
      const [res, ...more] = dialect.delivered(installed.json);
      expect(more).toEqual([]);
      expect(opened(res, car)).toEqual({ emaid: data.emaid, sessionId: '0102030405060708', keyFits: true });

      expect((await call(server.url, dialect.withdraw(data.emaid))).status).toBe(200);
      const again = await call(server.url, dialect.install(await installationReq(car)));
      expect(again.status).toBe(404);
      expect(responseCode(dialect.delivered(again.json)[0])).toBe('FAILED_NoCertificateAvailable');
    });

    test('ok/a depublished vehicle is gone with its contracts', async () => {
      const car = await vehicle();
      await call(server.url, dialect.publish(car));
      const data = await contractFor(car);
      await call(server.url, dialect.sign(data));
      expect((await call(server.url, dialect.depublish(car.pcid))).status).toBe(200);
      const gone = await call(server.url, dialect.vehicle(car.pcid));
      expect(gone).toMatchObject({
        status: 404,
        json: { errorMessages: ['The OEM provisioning certificate with given PCID is not found.'] },
      });
      expect(at(gone.json, 'traceId')).toBe(gone.headers.get('x-trace-id'));
      expect((await call(server.url, dialect.withdraw(data.emaid))).status).toBe(404);
    });

    test('fail/an EMAID belongs to one PCID', async () => {
      const [one, other] = [await vehicle(), await vehicle()];
      for (const car of [one, other]) await call(server.url, dialect.publish(car));
      const data = await contractFor(one);
      await call(server.url, dialect.sign(data));
      const taken = { ...data, pcid: other.pcid, ...sealedFor(other.certificate, data.contract) };
      expect(await call(server.url, dialect.sign(taken))).toMatchObject({
        status: 400,
        json: { errorMessages: ['Invalid Tupple - EMAID is already used by other PCID.'] },
      });
    });

    test('fail/alwaysReturnEXI false gives the error body', async () => {
      const car = await vehicle();
      const unknown = await call(server.url, dialect.install(await installationReq(car), { alwaysReturnEXI: 'false' }));
      expect(unknown).toMatchObject({ status: 404, json: { errorMessages: ['Contract or Vehicle not found.'] } });
    });

    test('ok/roots', async () => {
      const [id, ...more] = dialect.rootIds((await call(server.url, dialect.roots)).json);
      // One for each algorithm.
      expect(more).toHaveLength(2);
      expect((await call(server.url, dialect.root(id ?? ''))).status).toBe(200);
      expect(await call(server.url, dialect.root('nothing'))).toMatchObject({
        status: 404,
        json: { errorMessages: ['Root certificate with the given ID is not found'] },
      });
    });
  });

  describe('generate and sign', () => {
    const generate = (path: string, emaid: string, pcid: string) => ({
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

    test.each(['/opnc/v1/cps/contractData/generateandsign', '/v1/cps/generate/signedContractData'])(
      'ok/%s',
      async (path) => {
        const car = await vehicle();
        const emaid = randomEmaid();
        await call(server.url, opnc.publish(car));
        const generated = await call(
          server.url,
          generate(path, `${emaid.slice(0, 2)}-${emaid.slice(2, 5)}-${emaid.slice(5)}`, car.pcid),
        );
        expect(generated).toMatchObject({ status: 201, text: '' });
        const installed = await call(server.url, opnc.install(await installationReq(car)));
        expect(opened(opnc.delivered(installed.json)[0], car)).toMatchObject({ emaid, keyFits: true });
      },
    );

    test('fail/unknown vehicle, a term in the past', async () => {
      const path = '/opnc/v1/cps/contractData/generateandsign';
      expect(await call(server.url, generate(path, randomEmaid(), randomPcid()))).toMatchObject({
        status: 400,
        json: { errorMessages: ['The OEM provisioning certificate with the given PCID is not available.'] },
      });
      const past = generate(path, randomEmaid(), randomPcid());
      const body = { ...past.body, contractEnds: '2024-02-01T00:00:00Z' };
      expect(await call(server.url, { ...past, body })).toMatchObject({
        status: 400,
        json: { errorMessages: ['The given contractEnds date is in the past.'] },
      });
    });
  });

  test('ok/what is acknowledged is there after a restart, keys included', async () => {
    const own = await start();
    const pcid = randomPcid();
    const car = { ...(await enrol(own.url, 'oem', pcid)), pcid };
    await call(own.url, opnc.publish(car));
    const emaid = randomEmaid();
    const contract = await enrol(own.url, 'mo', emaid);
    await call(own.url, opnc.sign({ emaid, pcid, contract, ...sealedFor(car.certificate, contract) }));
    const again = await own.restart();
    const roots = await call(again.url, opnc.roots);
    expect(opnc.rootIds(roots.json)).toHaveLength(3);
    const installed = await call(again.url, opnc.install(await installationReq(car)));
    expect(opened(opnc.delivered(installed.json)[0], car)).toMatchObject({ emaid, keyFits: true });
    const later = await enrol(again.url, 'oem', randomPcid());
    expect(later.subCa2.fingerprint).toBe(car.subCa2.fingerprint);
  });

  /** What the car does with the answer: verify the CPS, open the envelope, prove the key. */
  function opened(res: string | undefined, car: Leaf) {
    const document = decode(iso15118_2, Buffer.from(res ?? '', 'base64'));
    const { Header, Body } = document.V2G_Message ?? { Header: undefined, Body: {} };
    if (!('CertificateInstallationRes' in Body) || Header === undefined)
      throw new Error('not an installation response');
    const message = Body.CertificateInstallationRes;
    const cps = readCertificate(message.SAProvisioningCertificateChain.Certificate);
    const verdict = verifyMessageSignature(document, cps);
    expect(verdict).toMatchObject({ valid: true, signedInfoGrammar: 'xmldsig' });
    expect(list(verdict.references)).toHaveLength(4);
    const contract = readCertificate(message.ContractSignatureCertChain.Certificate);
    const { privateKey } = openContractKey({
      curve: 'secp256r1',
      vehiclePrivateKey: car.key.privateKey,
      contractPublicKey: contract.publicKey.point,
      encryptedPrivateKey: message.ContractSignatureEncryptedPrivateKey.value,
      dhPublicKey: message.DHpublickey.value,
    });
    return {
      emaid: message.eMAID.value,
      sessionId: Buffer.from(Header.SessionID).toString('hex'),
      keyFits: privateKey?.asymmetricKeyType === 'ec',
    };
  }

  function responseCode(res: string | undefined): string {
    const document = decode(iso15118_2, Buffer.from(res ?? '', 'base64'));
    const body: object = document.V2G_Message?.Body ?? {};
    return String(at(body, 'CertificateInstallationRes', 'ResponseCode'));
  }
});
