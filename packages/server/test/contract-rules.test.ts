/** The rules of the contract pool and of the CPS that a single life of a contract does not show. */
import { decode, encode, iso15118_2, toXml } from '@plugpool/exi';
import { emaidCheckDigit } from '@plugpool/iso15118';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list, namespace, nested, opcp, opnc, quickstart, type SealedContract } from './dialects.ts';
import { base64, enrol, installationReq, type Leaf, randomEmaid, randomPcid, sealedFor } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

type Car = Leaf & { readonly pcid: string };

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const get = (path: string) => call(server.url, { method: 'GET', path });
  const put = (path: string, body: unknown) => call(server.url, { method: 'PUT', path, body });

  async function publishedCar(): Promise<Car> {
    const pcid = randomPcid();
    const car = { ...(await enrol(server.url, 'oem', pcid)), pcid };
    expect((await call(server.url, opnc.publish(car))).status).toBe(200);
    return car;
  }

  async function sealed(car: Car, emaid = randomEmaid()): Promise<SealedContract> {
    const contract = await enrol(server.url, 'mo', emaid);
    return { emaid, pcid: car.pcid, contract, ...sealedFor(car.certificate, contract) };
  }

  async function contractIn(car: Car, emaid = randomEmaid()): Promise<SealedContract> {
    const data = await sealed(car, emaid);
    expect((await call(server.url, opnc.sign(data))).status).toBe(201);
    return data;
  }

  const ofVehicle = async (pcid: string) =>
    list(at((await get(`/opnc/v1/ccp/contractData/pcid/${pcid}`)).json, 'contractDataCollection')).map((entry) => ({
      emaid: at(entry, 'emaid'),
      isDefault: at(entry, 'defaultContract'),
    }));

  const installed = async (car: Car, dialect = opnc) => {
    const answer = await call(server.url, dialect.install(await installationReq(car)));
    return { status: answer.status, emaids: dialect.delivered(answer.json).map(emaidIn) };
  };

  describe('default contract', () => {
    test('ok/the first is the default, another one can be made it', async () => {
      const car = await publishedCar();
      const [first, second] = [await contractIn(car), await contractIn(car)];
      expect(await ofVehicle(car.pcid)).toEqual([
        { emaid: first.emaid, isDefault: true },
        { emaid: second.emaid, isDefault: false },
      ]);
      const setDefault = { method: 'POST', path: `/v1/ccp/signedContractData/${car.pcid}/${second.emaid}/default` };
      expect(await call(server.url, setDefault)).toMatchObject({ status: 200, text: '' });
      // As `curl -X POST -d ''` sends it.
      const asForm = { ...setDefault, body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
      expect(await call(server.url, asForm)).toMatchObject({ status: 200, text: '' });
      expect(await installed(car)).toEqual({ status: 200, emaids: [second.emaid] });
      expect(await installed(car, quickstart)).toEqual({ status: 200, emaids: [second.emaid, first.emaid] });
    });

    test('ok/without the default there is none until somebody sets one', async () => {
      const car = await publishedCar();
      const [first, second] = [await contractIn(car), await contractIn(car)];
      await call(server.url, opnc.withdraw(first.emaid));
      expect(await ofVehicle(car.pcid)).toEqual([{ emaid: second.emaid, isDefault: false }]);
      expect((await installed(car)).status).toBe(404);
      expect(await installed(car, quickstart)).toEqual({ status: 200, emaids: [second.emaid] });
      const path = `/opnc/v1/ccp/signedcontractdata/${second.emaid}/${car.pcid}/setDefault`;
      expect((await call(server.url, { method: 'POST', path })).status).toBe(200);
      expect(await installed(car)).toEqual({ status: 200, emaids: [second.emaid] });
    });

    test('fail/an unknown contract, or one of another vehicle', async () => {
      const [car, other] = [await publishedCar(), await publishedCar()];
      const { emaid } = await contractIn(other);
      for (const wanted of [emaid, randomEmaid()]) {
        const path = `/opnc/v1/ccp/signedcontractdata/${wanted}/${car.pcid}/setdefault`;
        expect(await call(server.url, { method: 'POST', path })).toMatchObject({
          status: 404,
          json: { errorMessages: ['The contract for the given EMAID not found.'] },
        });
      }
      expect(await ofVehicle(other.pcid)).toEqual([{ emaid, isDefault: true }]);
    });
  });

  describe('identity', () => {
    test('ok/separators and case do not matter', async () => {
      const { emaid } = await contractIn(await publishedCar());
      const withSeparators = `${emaid.slice(0, 2)}-${emaid.slice(2, 5)}-${emaid.slice(5)}`.toLowerCase();
      const found = await get(`/v1/ccp/lookupContract/${withSeparators}`);
      expect(found.status).toBe(200);
      expect(at(found.json, 'XMLContracts', 0, 'emaid')).toBe(emaid);
    });

    test('ok/a right check digit names the contract without it, and is shown as the certificate has it', async () => {
      const car = await publishedCar();
      const emaid = randomEmaid();
      const withDigit = emaid + emaidCheckDigit(emaid);
      await contractIn(car, withDigit);
      const found = await get(`/opnc/v1/ccp/contractData/emaid/${emaid}`);
      expect(at(found.json, 'contractDataCollection', 0, 'emaid')).toBe(withDigit);
      expect(await installed(car)).toEqual({ status: 200, emaids: [withDigit] });
      const wrongDigit = emaid + (withDigit.endsWith('0') ? '1' : '0');
      expect((await get(`/opnc/v1/ccp/contractData/emaid/${wrongDigit}`)).status).toBe(404);
    });

    test('ok/the PCID is compared in upper case and shown as in the certificate', async () => {
      const pcid = randomPcid().toLowerCase();
      const car = { ...(await enrol(server.url, 'oem', pcid)), pcid };
      expect((await call(server.url, opcp.publish(car))).status).toBe(200);
      const data = await sealed(car);
      expect((await call(server.url, opnc.sign({ ...data, pcid: pcid.toUpperCase() }))).status).toBe(201);
      const found = await get(`/opnc/v1/ccp/contractData/emaid/${data.emaid}`);
      expect(at(found.json, 'contractDataCollection', 0, 'pcid')).toBe(pcid);
    });
  });

  test('ok/a new certificate replaces all data that carries the old one', async () => {
    const car = await publishedCar();
    const { emaid } = await contractIn(car);
    const renewed = await contractIn(car, emaid);
    const found = await get(`/opnc/v1/ccp/contractData/emaid/${emaid}`);
    expect(list(at(found.json, 'contractDataCollection'))).toHaveLength(1);
    expect(at(found.json, 'contractDataCollection', 0, 'contractCertificate')).toBe(
      base64(renewed.contract.certificate.der),
    );
    expect(at(found.json, 'contractDataCollection', 0, 'defaultContract')).toBe(true);
  });

  test('ok/a vehicle published again keeps its contracts, with a new key it loses them', async () => {
    const car = await publishedCar();
    const { emaid } = await contractIn(car);
    expect((await call(server.url, opcp.publish(car))).status).toBe(200);
    expect(await ofVehicle(car.pcid)).toEqual([{ emaid, isDefault: true }]);
    const newKey = { ...(await enrol(server.url, 'oem', car.pcid)), pcid: car.pcid };
    expect((await call(server.url, opcp.publish(newKey))).status).toBe(200);
    expect(await ofVehicle(car.pcid)).toEqual([]);
    const asOldCar = await call(server.url, opnc.install(await installationReq(car)));
    expect(asOldCar.status).toBe(400);
    expect(responseCodeIn(opnc.delivered(asOldCar.json)[0])).toBe('FAILED_CertChainError');
  });

  test('ok/a contract that begins later is stored, and kept from the car until then', async () => {
    const car = await publishedCar();
    const emaid = randomEmaid();
    const begins = new Date(Date.now() + 3_600_000).toISOString();
    const ends = new Date(Date.now() + 7_200_000).toISOString();
    const generated = await put('/opnc/v1/cps/contractData/generateandsign', {
      contractBegins: begins,
      contractEnds: ends,
      emaid,
      pcid: car.pcid,
      xsdMsgDefNamespace: namespace,
    });
    expect(generated.status).toBe(201);
    expect((await installed(car)).status).toBe(404);
    const provided = await get(`/opnc/v1/ccp/signedcontractdata/${emaid}/${car.pcid}`);
    expect(provided.status).toBe(200);
  });

  describe('withdrawing', () => {
    const revoked = async (data: SealedContract) => {
      const row = await server.store.db
        .selectFrom('issued_certificate')
        .select('revoked_at')
        .where('fingerprint', '=', data.contract.certificate.fingerprint)
        .executeTakeFirstOrThrow();
      return row.revoked_at !== null;
    };

    test('ok/revokes a certificate of our own CA, unless told not to', async () => {
      const car = await publishedCar();
      const [one, other] = [await contractIn(car), await contractIn(car)];
      expect((await call(server.url, opcp.withdraw(one.emaid))).status).toBe(200);
      expect(await revoked(one)).toBe(true);
      const skipping = { ...opnc.withdraw(other.emaid), headers: { 'X-Skip-Revocation': 'true' } };
      expect((await call(server.url, skipping)).status).toBe(200);
      expect(await revoked(other)).toBe(false);
    });

    test('fail/a revoked certificate is not handed to the car any more', async () => {
      const car = await publishedCar();
      const data = await contractIn(car);
      await server.store.db
        .updateTable('issued_certificate')
        .set({ revoked_at: Date.now(), revocation_reason: 'keyCompromise' })
        .where('fingerprint', '=', data.contract.certificate.fingerprint)
        .execute();
      expect((await installed(car)).status).toBe(404);
    });
  });

  describe('provide to the OEM', () => {
    test('ok/with and without a session id, in both dialects', async () => {
      const car = await publishedCar();
      const { emaid } = await contractIn(car);
      const opncAnswer = await get(`/opnc/v1/ccp/signedcontractdata/${emaid}/${car.pcid}?sessionID=0aff`);
      expect(
        sessionIn(String(at(opncAnswer.json, 'signedContractDataCollection', 0, 'certificateInstallationRes'))),
      ).toBe('0aff');
      const opcpAnswer = await get(`/v1/ccp/provideSignedContractData/${emaid}/${car.pcid}?sessionID=`);
      expect(sessionIn(String(at(opcpAnswer.json, 'certificateInstallationRes')))).toBe('00');
    });

    test('fail/contract of another vehicle, bad session id', async () => {
      const [car, other] = [await publishedCar(), await publishedCar()];
      const { emaid } = await contractIn(car);
      expect((await get(`/v1/ccp/provideSignedContractData/${emaid}/${other.pcid}`)).status).toBe(404);
      expect(await get(`/v1/ccp/provideSignedContractData/${emaid}/${car.pcid}?sessionID=xyz`)).toMatchObject({
        status: 400,
        json: {
          errorMessages: [
            'Invalid SessionID format, make sure the length is maximum 8 characters and it is represented in HEX binary',
          ],
        },
      });
    });
  });

  describe('the calls of OPCP around signing', () => {
    test('ok/signed without PCID is not stored, and can be added as XML later', async () => {
      const car = await publishedCar();
      const data = await sealed(car);
      const body = opcp.sign(data).body;
      const signed = await put('/v1/cps/contractData/signed', { ...Object(body), pcid: undefined });
      expect(signed).toMatchObject({ status: 201, json: { pcid: null, emaid: data.emaid } });
      expect((await get(`/v1/ccp/lookupContract/${data.emaid}`)).status).toBe(404);
      const signedContractDataXML = at(signed.json, 'signedData');
      const xml = Buffer.from(String(signedContractDataXML), 'base64').toString();
      expect(xml).toContain('urn:iso:15118:2:2013:MsgDef');
      const add = { xsdMsgDefNamespace: namespace, emaid: data.emaid, pcid: car.pcid, signedContractDataXML };
      expect(await put('/v1/ccp/signedContractData', add)).toMatchObject({ status: 201 });
      expect(await installed(car)).toEqual({ status: 200, emaids: [data.emaid] });
    });

    test('ok/the deprecated calls: one does not store, the other does', async () => {
      const car = await publishedCar();
      const data = await sealed(car);
      const created = await put('/v1/cps/signedContractData', nested(data));
      expect(created).toMatchObject({ status: 200, json: { emaid: data.emaid, pcid: car.pcid } });
      expect(await ofVehicle(car.pcid)).toEqual([]);
      expect((await put('/v1/cps/forward/signedContractData', nested(data))).status).toBe(201);
      expect(await ofVehicle(car.pcid)).toEqual([{ emaid: data.emaid, isDefault: true }]);
    });

    test('ok/OPNC: signed without PCID, added as EXI', async () => {
      const car = await publishedCar();
      const data = await sealed(car);
      const { contractCertificateBundle, ...rest } = Object(opnc.sign(data).body);
      const unplaced = { ...rest, contractCertificateBundle: { ...contractCertificateBundle, pcid: undefined } };
      const signed = await put('/opnc/v1/cps/contractData/sign', unplaced);
      expect(signed.status).toBe(201);
      expect(at(signed.json, 'signedContractData', 'pcid')).toBeUndefined();
      expect(await ofVehicle(car.pcid)).toEqual([]);
      const added = await put('/opnc/v1/ccp/signedcontractdata', {
        certificateInstallationRes: at(signed.json, 'signedContractData', 'certificateInstallationRes'),
        emaid: data.emaid,
        pcid: car.pcid,
        xsdMsgDefNamespace: namespace,
      });
      expect(added).toMatchObject({ status: 201, text: '' });
      expect(await installed(car)).toEqual({ status: 200, emaids: [data.emaid] });
    });

    test('fail/added data with a changed envelope, for another EMAID, for an unknown vehicle', async () => {
      const car = await publishedCar();
      const data = await sealed(car);
      const signed = await put('/v1/cps/signedContractData', nested(data));
      const xml = Buffer.from(String(at(signed.json, 'signedData')), 'base64').toString();
      const other = base64(sealedFor(car.certificate, data.contract).encryptedPrivateKey);
      const changed = xml.replace(base64(data.encryptedPrivateKey), other);
      expect(changed).not.toBe(xml);
      const add = (fields: object) =>
        put('/v1/ccp/signedContractData', {
          xsdMsgDefNamespace: namespace,
          emaid: data.emaid,
          pcid: car.pcid,
          signedContractDataXML: Buffer.from(xml).toString('base64'),
          ...fields,
        });
      const forged = await add({ signedContractDataXML: Buffer.from(changed).toString('base64') });
      expect(forged.status).toBe(400);
      expect(String(at(forged.json, 'errorMessages', 0))).toMatch(
        /^signedContractDataXML : .*ContractSignatureEncryptedPrivateKey/,
      );
      expect((await add({ emaid: randomEmaid() })).status).toBe(400);
      expect(await add({ pcid: randomPcid() })).toMatchObject({
        status: 400,
        json: { errorMessages: ['The OEM provisioning certificate with the given PCID is not available.'] },
      });
      expect(await ofVehicle(car.pcid)).toEqual([]);
    });
  });

  describe('readings', () => {
    test('ok/a known vehicle without contracts is an empty list, an unknown one 404', async () => {
      const car = await publishedCar();
      expect(await get(`/v1/ccp/signedContractData/${car.pcid}`)).toMatchObject({
        status: 200,
        json: { XMLContracts: [] },
      });
      expect((await get(`/v1/ccp/signedContractData/${randomPcid()}`)).status).toBe(404);
    });

    test('ok/the CPS root narrows: the right one finds, another one does not', async () => {
      const car = await publishedCar();
      const { emaid } = await contractIn(car);
      const root = car.root.fingerprint.toUpperCase();
      const byEmaid = (fingerprint: string) =>
        get(`/opnc/v1/ccp/contractData/emaid/${emaid}?cpsV2GRootCertificateFingerprint=${fingerprint}`);
      expect((await byEmaid(root)).status).toBe(200);
      expect((await byEmaid('00'.repeat(32))).status).toBe(404);
      const byPcid = await get(
        `/opnc/v1/ccp/contractData/pcid/${car.pcid}?cpsV2GRootCertificateFingerprint=${'00'.repeat(32)}`,
      );
      expect(byPcid).toMatchObject({ status: 200, json: { contractDataCollection: [] } });
    });

    test('ok/signers, in three places', async () => {
      const paths = ['/opnc/v1/cps/cpsCertificates', '/v1/cps/signer', '/cps/signer'];
      const [opncAnswer, ...opcpAnswers] = await Promise.all(paths.map(get));
      // One for each algorithm.
      expect(list(at(opncAnswer?.json, 'cpsCertificateDataCollection'))).toHaveLength(3);
      for (const answer of opcpAnswers) expect(list(at(answer.json, 'cpsCertificates'))).toHaveLength(3);
    });
  });

  test('ok/the stored response has the session id 00, the delivered one that of the car', async () => {
    const car = await publishedCar();
    await contractIn(car);
    const exi = await installationReq(car, [car.root], Uint8Array.of(0xde, 0xad));
    const answer = await call(server.url, opnc.install(exi));
    expect(sessionIn(opnc.delivered(answer.json)[0] ?? '')).toBe('dead');
  });

  function documentIn(exi: string | undefined) {
    const octets = Uint8Array.from(Buffer.from(exi ?? '', 'base64'));
    const document = decode(iso15118_2, octets);
    // What we hand out is canonical: anybody's codec gives the same octets back.
    expect(Buffer.from(encode(iso15118_2, document)).equals(octets)).toBe(true);
    expect(toXml(iso15118_2, document)).toContain('V2G_Message');
    return document;
  }

  const emaidIn = (exi: string) =>
    at(documentIn(exi), 'V2G_Message', 'Body', 'CertificateInstallationRes', 'eMAID', 'value');

  const responseCodeIn = (exi: string | undefined) =>
    at(documentIn(exi), 'V2G_Message', 'Body', 'CertificateInstallationRes', 'ResponseCode');

  function sessionIn(exi: string): string {
    const id = at(documentIn(exi), 'V2G_Message', 'Header', 'SessionID');
    return id instanceof Uint8Array ? Buffer.from(id).toString('hex') : '';
  }
});
