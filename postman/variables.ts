/**
 * What Postman cannot do itself: keys, certification requests, a contract key sealed for the car, and the car's signed
 * request. All of it is prepared against a running server and handed to the collections as an environment.
 */
import {
  type Certificate,
  generateKeyPair,
  makeName,
  readCertificate,
  readCertsOnly,
  type Signer,
  sealContractKey,
  signCertificateInstallationReq,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';
import type { JsonObject } from './document.ts';

/** The names of the variables that the collections use, with what stands in the environment that is checked in. */
export const emptyVariables: Variables = {
  baseUrl: 'http://127.0.0.1:8080',
  clientId: '',
  clientSecret: '',
  xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
  pcid: '',
  vehicleCertificationRequest: '',
  vehicleCertificate: '',
  vehicleSubCa2Certificate: '',
  vehicleSubCa1Certificate: '',
  emaid: '',
  secondEmaid: '',
  contractCertificationRequest: '',
  encryptedPrivateKey: '',
  dhPublicKey: '',
  certificateInstallationReq: '',
  contractBegins: '2024-01-01T00:00:00Z',
  contractEnds: '',
};

export interface Variables {
  readonly baseUrl: string;
  /** Of an operator, where authentication is on: it may play every role. */
  readonly clientId: string;
  readonly clientSecret: string;
  readonly xsdMsgDefNamespace: string;
  readonly pcid: string;
  /** The car's, for EST. */
  readonly vehicleCertificationRequest: string;
  /** What the server issued for it; the car's request is signed over this one. */
  readonly vehicleCertificate: string;
  readonly vehicleSubCa2Certificate: string;
  readonly vehicleSubCa1Certificate: string;
  readonly emaid: string;
  /** Of the contract that our MO CA makes. */
  readonly secondEmaid: string;
  readonly contractCertificationRequest: string;
  readonly encryptedPrivateKey: string;
  readonly dhPublicKey: string;
  /** Signed EXI. */
  readonly certificateInstallationReq: string;
  readonly contractBegins: string;
  readonly contractEnds: string;
}

const DAY_MS = 86_400_000;

export interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Enrols a car at the server, and prepares the rest for it. Every call makes another car and other contracts. */
export async function prepareVariables(baseUrl: string, client?: Client): Promise<Variables> {
  const authorization: Record<string, string> = client === undefined ? {} : await tokenFor(baseUrl, client);
  const est = `${baseUrl}/.well-known/est/oem`;
  const pcid = `WMI${randomText(15)}`;
  const [emaid, secondEmaid] = [`DEPPLC${randomText(8)}`, `DEPPLC${randomText(8)}`];
  const [carKey, contractKey] = [generateKeyPair('secp256r1'), generateKeyPair('secp256r1')];
  const carSigner = softwareSigner(carKey.privateKey);
  const carRequest = await certificationRequest(pcid, carSigner);
  const [vehicleCertificate] = await certificatesFrom(`${est}/simpleenroll`, authorization, carRequest);
  const [subCa2, subCa1, root] = await certificatesFrom(`${est}/cacerts`, authorization);
  if (!vehicleCertificate || !subCa2 || !subCa1 || !root) throw new Error(`${baseUrl} gave no whole chain`);
  const { encryptedPrivateKey, dhPublicKey } = sealContractKey({
    curve: 'secp256r1',
    vehiclePublicKey: vehicleCertificate.publicKey.point,
    contractKey: contractKey.privateKey,
  });
  const { exi } = await signCertificateInstallationReq({
    sessionId: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    provisioningCertificate: vehicleCertificate,
    roots: [root],
    signer: carSigner,
  });
  return {
    ...emptyVariables,
    ...client,
    baseUrl,
    pcid,
    vehicleCertificationRequest: carRequest,
    vehicleCertificate: base64(vehicleCertificate.der),
    vehicleSubCa2Certificate: base64(subCa2.der),
    vehicleSubCa1Certificate: base64(subCa1.der),
    emaid,
    secondEmaid,
    contractCertificationRequest: await certificationRequest(emaid, softwareSigner(contractKey.privateKey)),
    encryptedPrivateKey: base64(encryptedPrivateKey),
    dhPublicKey: base64(dhPublicKey),
    certificateInstallationReq: base64(exi),
    contractEnds: new Date(Date.now() + 30 * DAY_MS).toISOString(),
  };
}

/** As Postman and newman import it. */
export function environmentOf(variables: Variables): JsonObject {
  return {
    name: 'plugpool',
    values: Object.entries(variables).map(([key, value]) => ({ key, value, type: 'default', enabled: true })),
    _postman_variable_scope: 'environment',
  };
}

async function certificationRequest(commonName: string, signer: Signer): Promise<string> {
  return base64(await writeCertificateRequest({ subject: makeName([{ type: 'CN', value: commonName }]), signer }));
}

type Headers = Readonly<Record<string, string>>;

async function tokenFor(baseUrl: string, { clientId, clientSecret }: Client): Promise<{ authorization: string }> {
  const asked = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(asked);
  const answer = await textFrom(`${baseUrl}/oauth/token`, { method: 'POST', headers, body });
  const { access_token: token }: { access_token: string } = JSON.parse(answer);
  return { authorization: `Bearer ${token}` };
}

async function certificatesFrom(url: string, headers: Headers, request?: string): Promise<Certificate[]> {
  const post = { method: 'POST', headers: { ...headers, 'content-type': 'application/pkcs10' } };
  const text = await textFrom(url, request === undefined ? { headers } : { ...post, body: request });
  return readCertsOnly(Buffer.from(text, 'base64')).map(readCertificate);
}

async function textFrom(url: string, init: RequestInit): Promise<string> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status} ${text}`);
  return text;
}

const ALPHABET = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

function randomText(length: number): string {
  const octets = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(octets, (octet) => ALPHABET[octet % ALPHABET.length]).join('');
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64');
}
