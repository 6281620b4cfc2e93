/** The slips of the references, each asked for as it is written and as it is meant (docs/dialects.md). */
import { beforeAll, describe, expect, test } from 'vitest';
import { at, type Call, call, list, namespace } from './dialects.ts';
import { type Samples, samplesOn } from './operations.ts';
import { issue } from './own-pki.ts';
import { base64 } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let samples: Samples;
  beforeAll(async () => {
    server = await start();
    samples = await samplesOn(server.url);
  });

  const asked = (method: string, path: string, body?: unknown, headers: Call['headers'] = {}) =>
    call(server.url, { method, path, headers, ...(body !== undefined && { body }) });

  test.each([
    ['/opnc/v1/event/endpoints', '/opnc/v1/event/opnc/v1/event/endpoints'],
    ['/v1/cps/signer', '/cps/signer'],
    ['/.well-known/est/oem/cacerts', '/oem/cacerts/ISO15118-2/secp256r1/'],
    ['/opnc/v1/pki/est/cacerts?caDomain=oem', '/opnc/v1/pki/est/cacerts?caDomain=oem&iso15118Version=ISO15118-2'],
  ])('ok/%s answers what %s does', async (meant, written) => {
    const [one, other] = [await asked('GET', meant), await asked('GET', written)];
    expect([one.status, one.text]).toEqual([200, other.text]);
  });

  test.each(['/opnc/v1/pki/revokeCertificate', '/opnc/v1/pki/pki/revokeCertificate'])('ok/POST %s', async (path) => {
    const { certificate: another } = (await samplesOn(server.url)).data.contract;
    const certificate = base64(another.der);
    expect((await asked('POST', path, { certificate, revocationReason: 'superseded' })).status).toBe(200);
  });

  test('ok/a root under both of its names', async () => {
    const { json } = await asked('GET', `/opnc/v1/rcp/rootcertificates/${samples.rootId}`);
    expect(at(json, 'roootCertificate', 'rootCertificateId')).toBe(samples.rootId);
    expect(at(json, 'roootCertificate')).toEqual(at(json, 'rootCertificate'));
  });

  test.each([
    [{ rootType: 'OEM' }, ['OEM']],
    [{ rootTypeList: ['OEM', 'eMSP'] }, ['OEM', 'eMSP']],
  ])('ok/types of a root as %j', async (types, answered) => {
    const root = await issue({ profile: 'root', commonName: `Root of ${answered.length}` });
    const body = { caCertificate: base64(root.certificate.der), ...types };
    const { json } = await asked('PUT', '/opnc/v1/rcp/rootcertificates', body);
    expect(at(json, 'rootCertificate')).toMatchObject({ rootType: answered[0], rootTypeList: answered });
  });

  test.each(['metaData', 'metadata'])('ok/data added with %s has it when it is delivered', async (name) => {
    const { car, data, response } = samples;
    const added = await asked('PUT', '/opnc/v1/ccp/signedcontractdata', {
      certificateInstallationRes: base64(response),
      emaid: data.emaid,
      pcid: car.pcid,
      xsdMsgDefNamespace: namespace,
      [name]: `as ${name}`,
    });
    expect(added.status).toBe(201);
    const { json } = await asked('GET', `/opnc/v1/ccp/signedcontractdata/${data.emaid}/${car.pcid}`);
    expect(list(at(json, 'signedContractDataCollection')).map((each) => at(each, 'metaData'))).toEqual([`as ${name}`]);
  });

  test.each([
    ['false', 'error'],
    ['FALSE', 'error'],
    ['true', 'exi'],
    ['True ', 'exi'],
    ['', 'exi'],
    ['no', 'exi'],
  ])('ok/alwaysReturnEXI %j gives the form %s', async (alwaysReturnEXI, form) => {
    const { car, request } = samples;
    await asked('DELETE', `/opnc/v1/pcp/provisioningcertificates/${car.pcid}`);
    const body = { certificateInstallationReq: base64(request), xsdMsgDefNamespace: namespace };
    const { status, json } = await asked('POST', '/opnc/v1/ccp/signedcontractdata', body, { alwaysReturnEXI });
    const found = at(json, 'errorMessages') === undefined ? 'exi' : 'error';
    expect([status, found]).toEqual([404, form]);
  });

  test('ok/broadcast and the headers of the parties are accepted, whatever they say', async () => {
    const headers = { broadcast: 'perhaps', 'OPNC-from-party-type': 'somebody', 'OPNC-to-party-id': '%00' };
    for (const path of ['/opnc/v1/rcp/rootcertificates', '/v1/root/rootCerts']) {
      expect((await asked('GET', path, undefined, headers)).status).toBe(200);
    }
  });
});
