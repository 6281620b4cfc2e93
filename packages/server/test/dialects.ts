/** The three dialects side by side: how each asks for a capability, and where it answers what. */
import type { Certificate } from '@plugpool/iso15118';
import { base64, type Leaf } from './roles.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  /** Undefined when the answer is no JSON. */
  readonly json: unknown;
  readonly text: string;
  readonly headers: Headers;
}

export interface SealedContract {
  readonly emaid: string;
  readonly pcid: string;
  readonly contract: Leaf;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
}

export interface Dialect {
  readonly name: 'opnc' | 'opcp' | 'quickstart';
  readonly roots: Call;
  root(id: string): Call;
  rootIds(answer: unknown): string[];
  publish(vehicle: Leaf): Call;
  readonly published: number;
  vehicle(pcid: string): Call;
  vehicleCertificate(answer: unknown): unknown;
  depublish(pcid: string): Call;
  sign(data: SealedContract): Call;
  readonly signed: number;
  install(exi: Uint8Array, headers?: Record<string, string>): Call;
  /** CertificateInstallationRes of each contract that was delivered. */
  delivered(answer: unknown): string[];
  withdraw(emaid: string): Call;
}

export const namespace = 'urn:iso:15118:2:2013:MsgDef';

export const opnc: Dialect = {
  name: 'opnc',
  roots: { method: 'GET', path: '/opnc/v1/rcp/rootcertificates' },
  root: (id) => ({ method: 'GET', path: `/opnc/v1/rcp/rootcertificates/${id}` }),
  rootIds: (answer) =>
    list(at(answer, 'rootCertificateCollection')).map((root) => String(at(root, 'rootCertificateId'))),
  publish: (vehicle) => ({
    method: 'PUT',
    path: '/opnc/v1/pcp/provisioningcertificates',
    body: { provisioningCertificateChain: chainOf(vehicle), xsdMsgDefNamespace: namespace },
  }),
  published: 200,
  vehicle: (pcid) => ({ method: 'GET', path: `/opnc/v1/pcp/provisioningcertificates/${pcid}` }),
  vehicleCertificate: (answer) => at(answer, 'provisioningCertificate', 'provisioningCertificateChain', 'certificate'),
  depublish: (pcid) => ({ method: 'DELETE', path: `/opnc/v1/pcp/provisioningcertificates/${pcid}` }),
  sign: ({ emaid, pcid, contract, encryptedPrivateKey, dhPublicKey }) => ({
    method: 'PUT',
    path: '/opnc/v1/cps/contractData/sign',
    body: {
      contractCertificateBundle: {
        pcid,
        emaid,
        contractCertificateChain: chainOf(contract),
        contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
        dHpublickey: base64(dhPublicKey),
      },
      xsdMsgDefNamespace: namespace,
    },
  }),
  signed: 201,
  install: (exi, headers = {}) => ({
    method: 'POST',
    path: '/opnc/v1/ccp/signedcontractdata',
    body: { certificateInstallationReq: base64(exi), xsdMsgDefNamespace: namespace },
    headers,
  }),
  delivered: (answer) =>
    list(at(answer, 'signedContractDataCollection')).map((entry) => String(at(entry, 'certificateInstallationRes'))),
  withdraw: (emaid) => ({ method: 'DELETE', path: `/opnc/v1/ccp/signedcontractdata/${emaid}` }),
};

export const opcp: Dialect = {
  name: 'opcp',
  roots: { method: 'GET', path: '/v1/root/rootCerts' },
  root: (id) => ({ method: 'GET', path: `/v1/root/rootCerts/${id}` }),
  rootIds: (answer) =>
    list(at(answer, 'RootCertificateCollection', 'rootCertificates')).map((root) =>
      String(at(root, 'rootCertificateId')),
    ),
  publish: (vehicle) => ({ method: 'PUT', path: '/v1/oem/provCerts', body: provCert(vehicle) }),
  published: 200,
  vehicle: (pcid) => ({ method: 'GET', path: `/v1/oem/provCerts/${pcid}` }),
  vehicleCertificate: (answer) => at(answer, 'OEMMessage', 'vehicleCertificate'),
  depublish: (pcid) => ({ method: 'DELETE', path: `/v1/oem/provCerts/${pcid}` }),
  sign: ({ pcid, contract, encryptedPrivateKey, dhPublicKey }) => ({
    method: 'PUT',
    path: '/v1/cps/contractData/signed',
    body: {
      contractData: {
        contractCertificate: base64(contract.certificate.der),
        contractSubCa2Certificate: base64(contract.subCa2.der),
        contractSubCa1Certificate: base64(contract.subCa1.der),
        contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
        dHpublickey: base64(dhPublicKey),
      },
      pcid,
      xsdMsgDefNamespace: namespace,
    },
  }),
  signed: 201,
  install: (exi, headers = {}) => ({
    method: 'POST',
    path: '/v1/ccp/signedContractData',
    body: { certificateInstallationReq: base64(exi), xsdMsgDefNamespace: namespace },
    headers,
  }),
  delivered: (answer) =>
    list(at(answer, 'CCPResponse', 'emaidContent')).map((entry) =>
      String(at(entry, 'messageDef', 'certificateInstallationRes')),
    ),
  withdraw: (emaid) => ({ method: 'DELETE', path: `/v1/ccp/signedContractData/${emaid}` }),
};

const quickStartPrefix = '/HubjectWS/webresources/v1';

export const quickstart: Dialect = {
  ...opcp,
  name: 'quickstart',
  roots: { method: 'GET', path: `${quickStartPrefix}/root/rootCerts` },
  root: (id) => ({ method: 'GET', path: `${quickStartPrefix}/root/rootCerts/${id}` }),
  publish: (vehicle) => ({
    method: 'PUT',
    path: `${quickStartPrefix}/oem/provCerts`,
    body: {
      rootAuthorityKeyIdentifier: '',
      rootIssuerDistinguishedName: '',
      rootIssuerSerialNumber: '',
      ...provCert(vehicle),
    },
  }),
  published: 201,
  vehicle: (pcid) => ({ method: 'GET', path: `${quickStartPrefix}/oem/provCerts/${pcid}` }),
  depublish: (pcid) => ({ method: 'DELETE', path: `${quickStartPrefix}/oem/provCerts/${pcid}` }),
  sign: (data) => ({ method: 'PUT', path: `${quickStartPrefix}/cps/forward/signedContractData`, body: nested(data) }),
  install: (exi, headers = {}) => ({
    ...opcp.install(exi, headers),
    path: `${quickStartPrefix}/ccp/signedContractData`,
  }),
  withdraw: (emaid) => ({ method: 'DELETE', path: `${quickStartPrefix}/ccp/signedContractData/${emaid}` }),
};

export const DIALECTS: readonly Dialect[] = [opnc, opcp, quickstart];

/** Contract data in the shape of the deprecated calls and of the quick start. */
export function nested({ emaid, pcid, contract, encryptedPrivateKey, dhPublicKey }: SealedContract) {
  return {
    xsdMsgDefNamespace: namespace,
    pcid,
    emaid,
    contractData: {
      emaid,
      contractSignatureCertChain: {
        contractSignatureCertChainSubCertificates: [base64(contract.subCa2.der), base64(contract.subCa1.der)],
        contractSignatureCertChainCertificate: base64(contract.certificate.der),
      },
      contractSignatureEncryptedPrivateKey: base64(encryptedPrivateKey),
      dHpublickey: base64(dhPublicKey),
    },
  };
}

export async function call(url: string, { method, path, body, headers = {} }: Call): Promise<Answered> {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, json: isJson ? JSON.parse(text) : undefined, text, headers: response.headers };
}

/** A member of a member of an answer; undefined when it is not there. */
export function at(answer: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce(
    (value, step) => new Map<string, unknown>(Object.entries(Object(value))).get(String(step)),
    answer,
  );
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function chainOf({ certificate, subCa2, subCa1 }: Leaf) {
  return {
    certificate: base64(certificate.der),
    subCa2Certificate: base64(subCa2.der),
    subCa1Certificate: base64(subCa1.der),
  };
}

function provCert({ certificate, subCa2, subCa1 }: Record<'certificate' | 'subCa1' | 'subCa2', Certificate>) {
  return {
    vehicleCertificate: base64(certificate.der),
    subCA1Certificate: base64(subCa1.der),
    subCA2Certificate: base64(subCa2.der),
  };
}
