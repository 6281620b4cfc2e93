/** The OEM's own PKI on P-256: a root, two sub CAs, and what they issue. */
import {
  type Certificate,
  certificateProfiles,
  generateKeyPair,
  generateScalarAndPoint,
  keyIdentifierOf,
  makeName,
  type PublicKey,
  profileExtensions,
  randomSerialNumber,
  readCertificate,
  type Signer,
  softwareSigner,
  writeCertificate,
} from '@plugpool/iso15118';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

export interface Authority {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

export interface Authorities {
  readonly root: Authority;
  readonly subCa1: Authority;
  readonly subCa2: Authority;
}

export interface Validity {
  /** Epoch milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export async function authorities(organization: string): Promise<Authorities> {
  const root = await authority('root', organization);
  const subCa1 = await authority('subCa1', organization, root);
  const subCa2 = await authority('subCa2', organization, subCa1);
  return { root, subCa1, subCa2 };
}

/** DER of a vehicle's certificate. Its private key is made and forgotten: nobody drives with it. */
export async function vehicleCertificate(
  pcid: string,
  issuer: Authority,
  validity: Validity = validFor(10),
): Promise<Uint8Array> {
  const key = generateScalarAndPoint('secp256r1');
  key.scalar.fill(0);
  return await certificateOf({ profile: 'oem', organization: 'Example OEM', commonName: pcid, key, validity }, issuer);
}

/** From yesterday on. */
function validFor(years: number): Validity {
  const now = Date.now();
  return { notBefore: now - DAY_MS, notAfter: now + years * YEAR_MS };
}

async function authority(
  profile: 'root' | 'subCa1' | 'subCa2',
  organization: string,
  issuer?: Authority,
): Promise<Authority> {
  const key = generateKeyPair('secp256r1');
  const signer = softwareSigner(key.privateKey);
  const order = { profile, organization, commonName: `${organization} ${profile}`, key, validity: validFor(20) };
  return { certificate: readCertificate(await certificateOf(order, issuer ?? { signer })), signer };
}

interface Order {
  readonly profile: keyof typeof certificateProfiles;
  readonly organization: string;
  readonly commonName: string;
  readonly key: PublicKey;
  readonly validity: Validity;
}

/** @param issuer without a certificate it is the subject itself */
async function certificateOf(
  { profile, organization, commonName, key, validity }: Order,
  issuer: Pick<Authority, 'signer'> & Partial<Authority>,
): Promise<Uint8Array> {
  const entry = certificateProfiles[profile];
  const subject = makeName([
    { type: 'C', value: 'DE' },
    { type: 'O', value: organization },
    ...('domainComponent' in entry ? [{ type: 'DC', value: entry.domainComponent } as const] : []),
    { type: 'CN', value: commonName },
  ]);
  const issuerKeyIdentifier = issuer.certificate?.subjectKeyIdentifier ?? keyIdentifierOf(key);
  const content = {
    serialNumber: randomSerialNumber(),
    issuer: issuer.certificate?.subject ?? subject,
    subject,
    ...validity,
    spki: key.spki,
    extensions: profileExtensions(entry, { subjectKey: key, issuerKeyIdentifier }),
  };
  return await writeCertificate(content, issuer.signer);
}
