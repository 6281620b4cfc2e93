/** A good call for every operation of every dialect, with all the fields that it knows. */
import { decode, iso15118_2, toXml } from '@plugpool/exi';
import { QUICK_START_PREFIX } from '../src/dialects/quickstart/routes.ts';
import { at, namespace, nested, opnc } from './dialects.ts';
import type { JsonObject } from './json-places.ts';
import type { Car, Example, Samples, SampleWebhook } from './operations.ts';
import { base64, randomEmaid, randomPcid } from './roles.ts';

/** In an order in which all of them are good: what removes something comes last. */
export function examplesOf(samples: Readonly<Record<'opnc' | 'opcp' | 'quickstart', Samples>>): Example[] {
  return [...opncExamples(samples.opnc), ...opcpExamples(samples.opcp), ...quickStartExamples(samples.quickstart)];
}

const filter = { xsdMsgDefNamespace: namespace };
const alwaysReturnEXI = { alwaysReturnEXI: 'true' };

function opncExamples(samples: Samples): Example[] {
  const { root, car, data, request, response } = samples;
  const rootId = { rootCertificateId: samples.rootId };
  const pcid = { pcid: car.pcid };
  const emaid = { emaid: data.emaid };
  const chain = {
    certificate: base64(car.certificate.der),
    subCa2Certificate: base64(car.subCa2.der),
    subCa1Certificate: base64(car.subCa1.der),
  };
  const bundle = at(opnc.sign(data).body, 'contractCertificateBundle');
  return [
    { name: 'GET /opnc/v1/rcp/rootcertificates', good: 200, query: { pkiType: 'V2G' } },
    { name: 'GET /opnc/v1/rcp/rootcertificates/:rootCertificateId', good: 200, params: rootId },
    {
      name: 'PUT /opnc/v1/rcp/rootcertificates',
      good: 200,
      body: {
        caCertificate: base64(root.certificate.der),
        rootType: 'eMSP',
        rootTypeList: ['eMSP'],
        rootCtlList: ['Some list'],
      },
    },
    {
      name: 'PUT /opnc/v1/pcp/provisioningcertificates',
      good: 200,
      body: {
        provisioningCertificateChain: chain,
        ...filter,
        v2gRootAuthorityKeyIdentifiers: [keyIdentifierOf(car)],
        previousPcid: randomPcid(),
        rootIssuerSerialNumber: car.root.serialHex,
        rootAuthorityKeyIdentifier: keyIdentifierOf(car),
      },
    },
    { name: 'GET /opnc/v1/pcp/provisioningcertificates/:pcid', good: 200, params: pcid },
    { name: 'GET /opnc/v1/pcp/lookupvehicle/:pcid', good: 200, params: pcid },
    {
      name: 'PUT /opnc/v1/cps/contractData/sign',
      good: 201,
      body: { contractCertificateBundle: asJson(bundle), ...filter, ...cpsRootOf(car) },
    },
    {
      name: 'PUT /opnc/v1/cps/contractData/generateandsign',
      good: 201,
      body: generation(car),
    },
    { name: 'GET /opnc/v1/cps/cpsCertificates', good: 200 },
    { name: 'GET /opnc/v1/ccp/contractData/emaid/:emaid', good: 200, params: emaid, query: { ...filter } },
    { name: 'GET /opnc/v1/ccp/contractData/pcid/:pcid', good: 200, params: pcid, query: { ...filter } },
    {
      name: 'POST /opnc/v1/ccp/signedcontractdata',
      good: 200,
      headers: alwaysReturnEXI,
      body: { certificateInstallationReq: base64(request), ...filter, metadata: 'some words' },
    },
    {
      name: 'PUT /opnc/v1/ccp/signedcontractdata',
      good: 201,
      body: {
        certificateInstallationRes: base64(response),
        ...emaid,
        ...pcid,
        ...filter,
        metaData: 'some words',
        ...cpsRootOf(car),
      },
    },
    {
      name: 'GET /opnc/v1/ccp/signedcontractdata/:emaid/:pcid',
      good: 200,
      params: { ...emaid, ...pcid },
      query: { sessionID: '0102030405060708', ...filter },
    },
    {
      name: 'POST /opnc/v1/ccp/signedcontractdata/:emaid/:pcid/setdefault',
      good: 200,
      params: { ...emaid, ...pcid },
    },
    ...webhookExamples('/opnc/v1/event/endpoints', samples.webhooks.opnc, {
      wmi: ['WMI'],
      wmis: ['WMI'],
      enabledEvents: ['root.cert.expired', 'emsp.prov.cert.updated.factory.reset'],
    }),
    { name: 'DELETE /opnc/v1/ccp/signedcontractdata/:emaid', good: 200, params: emaid },
    { name: 'DELETE /opnc/v1/pcp/provisioningcertificates/:pcid/contracts', good: 200, params: pcid },
    { name: 'DELETE /opnc/v1/pcp/provisioningcertificates/:pcid', good: 200, params: pcid },
    { name: 'DELETE /opnc/v1/rcp/rootcertificates/:rootCertificateId', good: 200, params: rootId },
    ...['/pki/revokeCertificate', '/pki/pki/revokeCertificate'].map((path) => ({
      name: `POST /opnc/v1${path}`,
      good: 200,
      body: { certificate: base64(data.contract.certificate.der), revocationReason: 'superseded' },
    })),
  ];
}

function opcpExamples(samples: Samples): Example[] {
  const { root, car, data, request, response } = samples;
  const rootId = { rootCertificateId: samples.rootId };
  const pcid = { pcid: car.pcid };
  const emaid = { emaid: data.emaid };
  const { contractData, ...around } = nested(data);
  const signing = { contractData, ...around, metaData: 'some words', ...cpsRootOf(car) };
  const { contractSignatureCertChain, ...envelope } = contractData;
  const flat = {
    ...envelope,
    contractCertificate: base64(data.contract.certificate.der),
    contractSubCa2Certificate: base64(data.contract.subCa2.der),
    contractSubCa1Certificate: base64(data.contract.subCa1.der),
  };
  return [
    { name: 'GET /v1/root/rootCerts', good: 200, query: { rootType: 'V2G' } },
    { name: 'GET /v1/root/ctl', good: 200 },
    { name: 'GET /v1/root/rootCerts/:rootCertificateId', good: 200, params: rootId },
    {
      name: 'PUT /v1/root/rootCerts',
      good: 200,
      body: { caCertificate: base64(root.certificate.der), rootType: 'MO' },
    },
    { name: 'PUT /v1/oem/provCerts', good: 200, body: provCert(car) },
    { name: 'GET /v1/oem/provCerts/:pcid', good: 200, params: pcid },
    { name: 'GET /v1/oem/provCerts/lookupVehicle/:pcid', good: 200, params: pcid },
    { name: 'GET /v1/cps/signer', good: 200 },
    { name: 'GET /cps/signer', good: 200 },
    { name: 'PUT /v1/cps/contractData/signed', good: 201, body: { ...signing, contractData: flat } },
    { name: 'PUT /v1/cps/signedContractData', good: 200, body: signing },
    { name: 'PUT /v1/cps/forward/signedContractData', good: 201, body: signing },
    { name: 'PUT /v1/cps/generate/signedContractData', good: 201, body: generation(car) },
    { name: 'GET /v1/ccp/lookupContract/:emaid', good: 200, params: emaid, query: { ...filter } },
    { name: 'GET /v1/ccp/signedContractData/:pcid', good: 200, params: pcid, query: { ...filter } },
    {
      name: 'POST /v1/ccp/signedContractData',
      good: 200,
      headers: alwaysReturnEXI,
      body: { certificateInstallationReq: base64(request), ...filter, metadata: 'some words' },
    },
    {
      name: 'PUT /v1/ccp/signedContractData',
      good: 201,
      body: {
        ...filter,
        ...emaid,
        ...pcid,
        signedContractDataXML: base64(Buffer.from(toXml(iso15118_2, decode(iso15118_2, response)))),
        metadata: 'some words',
        ...cpsRootOf(car),
      },
    },
    {
      name: 'GET /v1/ccp/provideSignedContractData/:emaid/:pcid',
      good: 200,
      params: { ...emaid, ...pcid },
      query: { sessionID: '0102030405060708', ...filter },
    },
    { name: 'POST /v1/ccp/signedContractData/:pcid/:emaid/default', good: 200, params: { ...emaid, ...pcid } },
    ...webhookExamples('/v1/webhook/endpoints', samples.webhooks.opcp, {
      enabledEvents: ['root.cert.expired', 'mo.prov.cert.updated.factory.reset'],
    }),
    { name: 'DELETE /v1/ccp/signedContractData/:emaid', good: 200, params: emaid },
    { name: 'DELETE /v1/oem/provCerts/:pcid/contracts', good: 200, params: pcid },
    { name: 'DELETE /v1/oem/provCerts/:pcid', good: 200, params: pcid },
    { name: 'DELETE /v1/root/rootCerts/:rootCertificateId', good: 200, params: rootId },
  ];
}

function quickStartExamples({ rootId, car, data, request }: Samples): Example[] {
  const prefix = QUICK_START_PREFIX;
  const pcid = { pcid: car.pcid };
  const emaid = { emaid: data.emaid };
  const signing = { ...nested(data), metaData: 'some words', ...cpsRootOf(car) };
  return [
    { name: `GET ${prefix}/root/rootCerts`, good: 200 },
    { name: `GET ${prefix}/root/rootCerts/:rootCertificateId`, good: 200, params: { rootCertificateId: rootId } },
    { name: `PUT ${prefix}/oem/provCerts`, good: 201, body: provCert(car) },
    { name: `GET ${prefix}/oem/provCerts/:pcid`, good: 200, params: pcid },
    { name: `PUT ${prefix}/cps/forward/signedContractData`, good: 201, body: signing },
    {
      name: `POST ${prefix}/ccp/signedContractData`,
      good: 200,
      headers: alwaysReturnEXI,
      body: { certificateInstallationReq: base64(request), ...filter, metadata: 'some words' },
    },
    { name: `DELETE ${prefix}/ccp/signedContractData/:emaid`, good: 200, params: emaid },
    { name: `DELETE ${prefix}/oem/provCerts/:pcid`, good: 200, params: pcid },
  ];
}

function webhookExamples(path: string, { endpointId, deliveryId }: SampleWebhook, special: JsonObject): Example[] {
  const id = { id: endpointId };
  const body = {
    url: 'http://127.0.0.1:9/webhooks',
    status: 'enabled',
    description: 'some words',
    metadata: { team: { name: 'Pool', floor: 3 } },
    apiVersion: 'v1',
    providerIds: ['DEPPL'],
    pcids: ['WMI12345678901234'],
    pcid: 'WMI12345678901234',
    emaids: ['DEPPLC12345678'],
    emaid: 'DEPPLC12345678',
    ...special,
  };
  return [
    { name: `POST ${path}`, good: 201, body },
    { name: `GET ${path}`, good: 200 },
    { name: `GET ${path}/:id`, good: 200, params: id },
    { name: `PUT ${path}/:id`, good: 200, params: id, body },
    { name: `POST ${path}/:id/secret`, good: 200, params: id },
    { name: `POST ${path}/:id/test`, good: 202, params: id },
    { name: `GET ${path}/:id/deliveries`, good: 200, params: id, query: { state: 'pending', limit: '5' } },
    {
      name: `POST ${path}/:id/deliveries/:deliveryId/replay`,
      good: 202,
      params: { ...id, deliveryId },
    },
    { name: `DELETE ${path}/:id`, good: 200, params: id },
  ];
}

function provCert(car: Car): JsonObject {
  return {
    vehicleCertificate: base64(car.certificate.der),
    subCA1Certificate: base64(car.subCa1.der),
    subCA2Certificate: base64(car.subCa2.der),
    ...filter,
    v2gRootAuthorityKeyIdentifier: keyIdentifierOf(car),
    v2gRootAuthorityKeyIdentifiers: [keyIdentifierOf(car)],
    previousPcid: randomPcid(),
    rootAuthorityKeyIdentifier: keyIdentifierOf(car),
    rootIssuerDistinguishedName: 'CN=whatever',
    rootIssuerSerialNumber: car.root.serialHex,
  };
}

function generation(car: Car): JsonObject {
  return {
    contractBegins: '2024-01-01T00:00:00Z',
    contractEnds: new Date(Date.now() + 86_400_000).toISOString(),
    emaid: randomEmaid(),
    pcid: car.pcid,
    ...filter,
    ...cpsRootOf(car),
    moRootCertificateFingerprint: car.root.fingerprint,
    metaData: 'some words',
  };
}

function cpsRootOf(car: Car) {
  return { cpsV2GRootCertificateFingerprint: car.root.fingerprint };
}

function keyIdentifierOf({ root }: Car): string {
  return Buffer.from(root.subjectKeyIdentifier ?? []).toString('hex');
}

function asJson(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value));
}
