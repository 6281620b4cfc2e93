/** What OEM, eMSP and car do at their end in ISO 15118-20. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decode, iso15118_20Common } from '@plugpool/exi';
import {
  type Certificate,
  type CurveName,
  commonNameOf,
  namespaceOfEdition,
  openContractKey,
  readCertificate,
  sealContractKey,
  signCertificateInstallationReq20,
  softwareSigner,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import { at, type Call, call, opnc, type SealedContract } from './dialects.ts';
import { enrol, type Leaf, randomEmaid, randomPcid } from './roles.ts';

export type Curve20 = Exclude<CurveName, 'secp256r1'>;

export const CURVES_20: readonly Curve20[] = ['secp521r1', 'ed448'];
export const OTHER_CURVE: Readonly<Record<Curve20, Curve20>> = { secp521r1: 'ed448', ed448: 'secp521r1' };

export interface Car20 extends Leaf {
  readonly pcid: string;
  /** Of the X448 key that a vehicle with an Ed448 certificate agrees keys with. */
  readonly x448?: { readonly privateKey: KeyObject; readonly publicKey: Uint8Array };
}

export const SESSION_20 = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** The same call for ISO 15118-20. */
export function in20(asked: Call): Call {
  const body = Object(asked.body);
  return { ...asked, body: { ...body, xsdMsgDefNamespace: namespaceOfEdition('ISO15118-20') } };
}

export async function publishedCar20(url: string, curve: Curve20, pcid = randomPcid()): Promise<Car20> {
  const car = { ...(await enrol(url, 'oem', pcid, curve)), pcid };
  const published = await call(url, in20(opnc.publish(car)));
  if (published.status !== 200) throw new Error(`publishing: ${published.text}`);
  if (curve !== 'ed448') return car;
  const pair = generateKeyPairSync('x448');
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  return { ...car, x448: { privateKey: pair.privateKey, publicKey: Uint8Array.from(spki.subarray(-56)) } };
}

/** Contract data of an eMSP with its own keys. For X448 the sealed octets are opaque, and told here. */
export async function sealedContract20(url: string, car: Car20, emaid = randomEmaid()): Promise<SealedContract> {
  const { curve } = car.certificate.publicKey;
  const contract = await enrol(url, 'mo', emaid, curve);
  const { encryptedPrivateKey, dhPublicKey } = sealContractKey({
    curve,
    vehiclePublicKey: car.x448?.publicKey ?? car.certificate.publicKey.point,
    contractKey: car.x448 === undefined ? contract.key.privateKey : new Uint8Array(56).fill(0x5a),
    pcid: car.pcid,
    contractSki: contract.certificate.subjectKeyIdentifier,
  });
  return { emaid, pcid: car.pcid, contract, encryptedPrivateKey, dhPublicKey };
}

export async function contractIn20(url: string, car: Car20, emaid = randomEmaid()): Promise<SealedContract> {
  const data = await sealedContract20(url, car, emaid);
  const signed = await call(url, in20(opnc.sign(data)));
  if (signed.status !== 201) throw new Error(`signing: ${signed.text}`);
  return data;
}

export interface Wish {
  readonly most?: number;
  readonly prioritized?: readonly string[];
  readonly roots?: readonly Certificate[];
}

/** The car's signed request as EXI. */
export async function installationReq20(car: Leaf, wish: Wish = {}): Promise<Uint8Array> {
  const { certificate, subCa2, subCa1, root, key } = car;
  const { exi } = await signCertificateInstallationReq20({
    sessionId: SESSION_20,
    timestamp: Date.now(),
    provisioningChain: { certificate, subCa2, subCa1 },
    roots: wish.roots ?? [root],
    maximumContractCertificateChains: wish.most ?? 1,
    ...(wish.prioritized && { prioritizedEmaids: wish.prioritized }),
    signer: softwareSigner(key.privateKey),
  });
  return exi;
}

/** What the car does with an answer: verify the CPS, open the envelope, prove the key. */
export function opened20(res: string, car: Car20) {
  const message = responseIn20(res);
  const { SignedInstallationData: data } = message;
  const cps = readCertificate(message.CPSCertificateChain.Certificate);
  const contract = readCertificate(data.ContractCertificateChain.Certificate);
  const { privateKey, scalar } = openContractKey({
    curve: car.certificate.publicKey.curve,
    vehiclePrivateKey: car.x448?.privateKey ?? car.key.privateKey,
    contractPublicKey: contract.publicKey.point,
    encryptedPrivateKey: data.SECP521_EncryptedPrivateKey ?? data.X448_EncryptedPrivateKey ?? new Uint8Array(),
    dhPublicKey: data.DHPublicKey,
    pcid: car.pcid,
    contractSki: contract.subjectKeyIdentifier,
  });
  return {
    emaid: commonNameOf(contract.subject),
    sessionId: Buffer.from(message.Header.SessionID).toString('hex'),
    remaining: message.RemainingContractCertificateChains,
    signature: verifyMessageSignature({ CertificateInstallationRes: message }, cps).valid,
    cpsCurve: cps.publicKey.curve,
    keyFits: privateKey === undefined ? scalar.every((octet) => octet === 0x5a) : true,
  };
}

export function responseIn20(res: string) {
  const document = decode(iso15118_20Common, Buffer.from(res, 'base64'));
  if (!('CertificateInstallationRes' in document)) throw new Error('not an installation response');
  return document.CertificateInstallationRes;
}

/** The code of a failure, in whatever dialect. */
export function responseCode20(res: string | undefined): unknown {
  return at(responseIn20(res ?? ''), 'ResponseCode');
}
