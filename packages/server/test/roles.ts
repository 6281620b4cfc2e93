/** What OEM, eMSP and car do at their end, so that scenarios can say what they are about. */
import {
  algorithms,
  type Certificate,
  type CurveName,
  generateKeyPair,
  type KeyPair,
  makeName,
  readCertificate,
  readCertsOnly,
  sealContractKey,
  signCertificateInstallationReq,
  softwareSigner,
  writeCertificateRequest,
} from '@plugpool/iso15118';

const ALPHABET = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

export function randomPcid(wmi = 'WMI'): string {
  return wmi + randomText(15);
}

/** Without check digit: 14 characters. */
export function randomEmaid(provider = 'DEPPL'): string {
  return `${provider}C${randomText(8)}`;
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET[Math.floor(Math.random() * ALPHABET.length)]).join('');
}

export interface Leaf {
  readonly key: KeyPair;
  readonly certificate: Certificate;
  readonly subCa2: Certificate;
  readonly subCa1: Certificate;
  readonly root: Certificate;
}

/** A certificate from the server's own CAs, through EST. */
export async function enrol(
  url: string,
  ca: 'oem' | 'mo' | 'cpo' | 'cps',
  commonName: string,
  curve: CurveName = 'secp256r1',
): Promise<Leaf> {
  const key = generateKeyPair(curve);
  const request = await writeCertificateRequest({
    subject: makeName([{ type: 'CN', value: commonName }]),
    signer: softwareSigner(key.privateKey),
  });
  const est = `${url}/.well-known/est/${ca}`;
  const { edition } = algorithms[curve];
  const enrolled = await fetch(`${est}/simpleenroll/${edition}`, {
    method: 'POST',
    headers: { 'content-type': 'application/pkcs10' },
    body: Buffer.from(request).toString('base64'),
  });
  if (enrolled.status !== 200) throw new Error(`enrolment: ${enrolled.status} ${await enrolled.text()}`);
  const [certificate] = await certificatesIn(enrolled);
  const [subCa2, subCa1, root] = await certificatesIn(await fetch(`${est}/cacerts/${edition}/${curve}`));
  if (!certificate || !subCa2 || !subCa1 || !root) throw new Error('the chain is not complete');
  return { key, certificate, subCa2, subCa1, root };
}

async function certificatesIn(response: Response): Promise<Certificate[]> {
  return readCertsOnly(Buffer.from(await response.text(), 'base64')).map(readCertificate);
}

/** Contract data of an eMSP with its own keys, sealed for one vehicle. */
export function sealedFor(vehicle: Certificate, contract: Leaf) {
  return sealContractKey({
    curve: 'secp256r1',
    vehiclePublicKey: vehicle.publicKey.point,
    contractKey: contract.key.privateKey,
  });
}

/** The car's signed request as EXI. */
export async function installationReq(
  vehicle: Leaf,
  roots: readonly Certificate[] = [vehicle.root],
  sessionId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
): Promise<Uint8Array> {
  const { exi } = await signCertificateInstallationReq({
    sessionId,
    provisioningCertificate: vehicle.certificate,
    roots,
    signer: softwareSigner(vehicle.key.privateKey),
  });
  return exi;
}

export const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
