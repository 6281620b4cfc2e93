import { writeCertsOnly } from '@plugpool/iso15118';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { issue, makePki, sent, type TestPki } from '../../test/pki.ts';
import { type WebServer, webServer } from '../../test/web-server.ts';
import type { RoleClients } from '../roles/role-clients.ts';
import { opncClient } from './opnc-client.ts';

const namespace = 'urn:iso:15118:2:2013:MsgDef';
const edition = 'ISO15118-2';
const pcid = 'WPPSIM1234567890X';
const emaid = 'DEPPLC12345678';
const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64');

let pki: TestPki;
let server: WebServer | undefined;

beforeAll(async () => {
  pki = await makePki();
});

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A client, and a server that answers every call alike. */
async function talk(body: string | object = '', status = 200): Promise<{ client: RoleClients; server: WebServer }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  server = await webServer((_call, response) => response.writeHead(status).end(text));
  return { client: opncClient({ baseUrl: server.url }), server };
}

describe('requests', () => {
  const chain = () => ({ certificate: pki.cpsLeaf.certificate, ...sent(pki.cps) });
  const wireChain = () => ({
    certificate: base64(pki.cpsLeaf.certificate.der),
    subCa2Certificate: base64(pki.cps.subCa2.certificate.der),
    subCa1Certificate: base64(pki.cps.subCa1.certificate.der),
  });
  const octets = Uint8Array.of(1, 2, 3);
  const contracts = { contractDataCollection: [] };
  const signed = { signedContractDataCollection: [{ certificateInstallationRes: 'AQID' }] };

  interface Case {
    readonly name: string;
    readonly answer?: object | string;
    readonly make: (client: RoleClients) => Promise<unknown>;
    readonly line: string;
    readonly body?: () => unknown;
    readonly headers?: Record<string, string>;
  }
  const cases: Case[] = [
    {
      name: 'publish vehicle',
      make: ({ oem }) =>
        oem.publishVehicle({ edition, ...chain(), v2gRootKeyIdentifiers: [Uint8Array.of(0x4b, 0x05)] }),
      line: 'PUT /opnc/v1/pcp/provisioningcertificates',
      body: () => ({
        provisioningCertificateChain: wireChain(),
        xsdMsgDefNamespace: namespace,
        v2gRootAuthorityKeyIdentifiers: ['4b:05'],
      }),
    },
    {
      name: 'depublish vehicle',
      make: ({ oem }) => oem.depublishVehicle(pcid),
      line: `DELETE /opnc/v1/pcp/provisioningcertificates/${pcid}`,
    },
    {
      name: 'look up vehicle',
      make: ({ oem }) => oem.lookupVehicle(pcid),
      line: `GET /opnc/v1/pcp/lookupvehicle/${pcid}`,
    },
    {
      name: 'contracts by PCID',
      answer: contracts,
      make: ({ oem }) => oem.contractsOf(pcid),
      line: `GET /opnc/v1/ccp/contractData/pcid/${pcid}`,
    },
    {
      name: 'provide',
      answer: signed,
      make: ({ oem }) => oem.provide({ emaid, pcid, edition, sessionId: Uint8Array.of(0, 255) }),
      line: `GET /opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}?sessionID=00ff&xsdMsgDefNamespace=${encodeURIComponent(namespace)}`,
    },
    {
      name: 'set default',
      make: ({ oem }) => oem.setDefault(emaid, pcid),
      line: `POST /opnc/v1/ccp/signedcontractdata/${emaid}/${pcid}/setdefault`,
    },
    {
      name: 'sign contract data',
      answer: { signedContractData: { certificateInstallationRes: 'AQID' } },
      make: ({ emsp }) =>
        emsp.signContractData({
          edition,
          emaid,
          pcid,
          contractChain: chain(),
          encryptedPrivateKey: octets,
          dhPublicKey: octets,
        }),
      line: 'PUT /opnc/v1/cps/contractData/sign',
      body: () => ({
        contractCertificateBundle: {
          pcid,
          emaid,
          contractCertificateChain: wireChain(),
          contractSignatureEncryptedPrivateKey: 'AQID',
          dHpublickey: 'AQID',
        },
        xsdMsgDefNamespace: namespace,
      }),
    },
    {
      name: 'generate and sign',
      make: ({ emsp }) => emsp.generateAndSign({ edition, emaid, pcid, begins: 0, ends: Date.UTC(2030, 0, 1) }),
      line: 'PUT /opnc/v1/cps/contractData/generateandsign',
      body: () => ({
        contractBegins: '1970-01-01T00:00:00Z',
        contractEnds: '2030-01-01T00:00:00Z',
        emaid,
        pcid,
        xsdMsgDefNamespace: namespace,
      }),
    },
    {
      name: 'contracts by EMAID',
      answer: contracts,
      make: ({ emsp }) => emsp.contractsByEmaid('DE-PPL-C12345678'),
      line: 'GET /opnc/v1/ccp/contractData/emaid/DE-PPL-C12345678',
    },
    {
      name: 'withdraw',
      make: ({ emsp }) => emsp.withdraw(emaid, { skipRevocation: true }),
      line: `DELETE /opnc/v1/ccp/signedcontractdata/${emaid}`,
      headers: { 'x-skip-revocation': 'true' },
    },
    {
      name: 'install by request',
      answer: signed,
      make: ({ cpo }) => cpo.installByRequest({ edition, installationReq: octets, alwaysReturnExi: false }),
      line: 'POST /opnc/v1/ccp/signedcontractdata',
      body: () => ({ certificateInstallationReq: 'AQID', xsdMsgDefNamespace: namespace }),
      headers: { alwaysreturnexi: 'false' },
    },
    {
      name: 'certificates of the CAs of an algorithm',
      answer: base64(writeCertsOnly([])),
      make: ({ anyone }) => anyone.caCertificates({ caDomain: 'veh', edition: 'ISO15118-20', algorithm: 'ed448' }),
      line: 'GET /opnc/v1/pki/est/cacerts?caDomain=veh&iso15118Version=ISO15118-20&algorithm=ed448',
    },
    {
      name: 'roots of a type',
      answer: { rootCertificateCollection: [] },
      make: ({ anyone }) => anyone.roots({ type: 'eMSP' }),
      line: 'GET /opnc/v1/rcp/rootcertificates?pkiType=emsp',
    },
  ];
  test.each(cases)('$name', async ({ answer, make, line, body, headers }) => {
    const { client, server } = await talk(answer);
    await make(client);
    const [call] = server.arrived;
    expect(`${call?.method} ${call?.url}`).toBe(line);
    if (body !== undefined) expect(JSON.parse(call?.body ?? '')).toEqual(body());
    expect(call?.headers).toMatchObject(headers ?? {});
  });

  test('enrol: base64 of PKCS #10 there, PKCS #7 in lines back', async () => {
    const issued = pki.cpsLeaf.certificate;
    const pkcs7 = base64(writeCertsOnly([issued.der])).replace(/.{64}/g, '$&\r\n');
    const { client, server } = await talk(pkcs7);
    const certificate = await client.emsp.enrol(edition, octets);
    expect(certificate.fingerprint).toBe(issued.fingerprint);
    expect(server.arrived).toMatchObject([
      {
        method: 'POST',
        url: '/opnc/v1/pki/est/simpleenroll?caDomain=emsp&iso15118Version=ISO15118-2',
        body: 'AQID',
        headers: { 'content-type': 'application/pkcs10' },
      },
    ]);
  });
});

describe('answers', () => {
  test('a root, under either spelling of its field', async () => {
    const root = {
      rootCertificateId: 'id-1',
      caCertificate: base64(pki.root.certificate.der),
      rootTypeList: ['V2G', 'OEM'],
      rootCtlList: ['European CTL'],
    };
    for (const body of [{ rootCertificate: root }, { roootCertificate: root }]) {
      const { client, server } = await talk(body);
      const { certificate, ...rest } = await client.anyone.root('id-1');
      expect(rest).toEqual({ id: 'id-1', types: ['V2G', 'OEM'], ctlList: ['European CTL'] });
      expect(certificate.fingerprint).toBe(pki.root.certificate.fingerprint);
      await server.close();
    }
  });

  test('a vehicle with one sub CA', async () => {
    const vehicle = await issue({ profile: 'oem', commonName: pcid, issuer: pki.oem.subCa1 });
    const { client, server } = await talk({
      provisioningCertificate: {
        provisioningCertificateChain: {
          certificate: base64(vehicle.certificate.der),
          subCa1Certificate: base64(pki.oem.subCa1.certificate.der),
          subCa2Certificate: '',
        },
        xsdMsgDefNamespace: namespace,
        fingerprint: vehicle.certificate.fingerprint,
      },
    });
    const fetched = await client.emsp.fetchVehicle(pcid, { edition: 'ISO15118-2' });
    expect(server.arrived[0]?.url).toBe(
      `/opnc/v1/pcp/provisioningcertificates/${pcid}?xsdMsgDefNamespace=${encodeURIComponent(namespace)}`,
    );
    expect(fetched.certificate.fingerprint).toBe(vehicle.certificate.fingerprint);
    expect(fetched).toMatchObject({ edition, subCa2: undefined, v2gRootKeyIdentifiers: [] });
  });

  test('an unknown vehicle is no error for a lookup', async () => {
    const { client } = await talk({ errorMessages: ['not found'] }, 404);
    expect(await client.oem.lookupVehicle(pcid)).toBe(false);
  });

  test('a failure that holds EXI for the car goes back to the car', async () => {
    const { client } = await talk({ signedContractDataCollection: [{ certificateInstallationRes: 'AQID' }] }, 404);
    expect(await client.cpo.installByRequest({ edition, installationReq: Uint8Array.of(1) })).toMatchObject({
      delivered: false,
      status: 404,
      responses: [{ installationRes: Uint8Array.of(1, 2, 3) }],
    });
  });

  test('a failure without EXI is an error', async () => {
    const { client } = await talk({ errorMessages: ['EXI format is invalid!'], traceId: 't' }, 400);
    await expect(client.cpo.installByRequest({ edition, installationReq: Uint8Array.of(1) })).rejects.toMatchObject({
      kind: 'refused',
      errorMessages: ['EXI format is invalid!'],
    });
  });

  const bad: { name: string; body: string | object; text: RegExp }[] = [
    { name: 'no JSON', body: '<html>', text: /the answer is not JSON/ },
    { name: 'a list', body: [], text: /the answer is not an object/ },
    { name: 'no collection', body: {}, text: /contractDataCollection in the answer is missing/ },
    {
      name: 'a number as EMAID',
      body: { contractDataCollection: [{ emaid: 1 }] },
      text: /contractDataCollection\[0\]\.emaid in the answer is not a text/,
    },
    {
      name: 'a broken certificate',
      body: { contractDataCollection: [{ emaid, pcid, contractCertificate: 'AQID' }] },
      text: /contractDataCollection\[0\]\.contractCertificate in the answer is not a certificate/,
    },
  ];
  test.each(bad)('bad-answer/$name', async ({ body, text }) => {
    const { client } = await talk(body);
    await expect(client.emsp.contractsByEmaid(emaid)).rejects.toMatchObject({
      kind: 'bad-answer',
      message: expect.stringMatching(text),
    });
  });

  test('bad-answer/EST answer that is no PKCS #7', async () => {
    const { client } = await talk('AQID');
    await expect(client.oem.enrol(edition, Uint8Array.of(1))).rejects.toMatchObject({ kind: 'bad-answer' });
  });
});
