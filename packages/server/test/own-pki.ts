/** A PKI of the test's own, right or wrong in whatever way a case needs. */
import {
  aki,
  basicConstraints,
  type Certificate,
  type CertificateContent,
  type CurveName,
  certificateProfiles,
  type Extension,
  generateKeyPair,
  type KeyPair,
  type KeyUsage,
  keyIdentifierOf,
  keyUsage,
  makeName,
  type ProfileName,
  profileExtensions,
  randomSerialNumber,
  readCertificate,
  type Signer,
  ski,
  softwareSigner,
  writeCertificate,
} from '@plugpool/iso15118';

export const DAY_MS = 86_400_000;

export interface Issued {
  readonly certificate: Certificate;
  readonly key: KeyPair;
  readonly signer: Signer;
}

export interface Order {
  readonly profile: ProfileName;
  readonly commonName: string;
  /** Without one the certificate signs itself. */
  readonly issuer?: Issued;
  readonly curve?: CurveName;
  readonly key?: KeyPair;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Replaces the extensions of the profile. */
  readonly extensions?: readonly Extension[];
  readonly content?: Partial<CertificateContent>;
}

/** The octets of a certificate that need not be one that the project reads. */
export async function issueDer(order: Order): Promise<{ der: Uint8Array; key: KeyPair; signer: Signer }> {
  const { profile, commonName, issuer, curve = 'secp256r1', key = generateKeyPair(curve) } = order;
  const signer = softwareSigner(key.privateKey);
  const entry = certificateProfiles[profile];
  const subject = makeName([
    { type: 'C', value: 'DE' },
    { type: 'O', value: 'Own PKI' },
    ...('domainComponent' in entry ? [{ type: 'DC', value: entry.domainComponent } as const] : []),
    { type: 'CN', value: commonName },
  ]);
  const issuerKeyIdentifier = issuer?.certificate.subjectKeyIdentifier ?? keyIdentifierOf(key);
  const content: CertificateContent = {
    serialNumber: randomSerialNumber(),
    issuer: issuer?.certificate.subject ?? subject,
    subject,
    notBefore: order.notBefore ?? Date.now() - 30 * DAY_MS,
    notAfter: order.notAfter ?? Date.now() + 30 * DAY_MS,
    spki: key.spki,
    extensions: order.extensions ?? profileExtensions(entry, { subjectKey: key, issuerKeyIdentifier }),
    ...order.content,
  };
  return { der: await writeCertificate(content, issuer?.signer ?? signer), key, signer };
}

export async function issue(order: Order): Promise<Issued> {
  const { der, key, signer } = await issueDer(order);
  return { certificate: readCertificate(der), key, signer };
}

export interface OwnPki {
  readonly root: Issued;
  readonly subCa1: Issued;
  readonly subCa2: Issued;
}

/** Root and two sub CAs; `changes` says what is different at which of them, `under` an existing root to use. */
export async function ownPki(
  name: string,
  changes: Partial<Record<'root' | 'subCa1' | 'subCa2', Partial<Order>>> = {},
  under?: Issued,
): Promise<OwnPki> {
  const root = under ?? (await issue({ profile: 'root', commonName: `${name} root`, ...changes.root }));
  const subCa1 = await issue({ profile: 'subCa1', commonName: `${name} sub 1`, issuer: root, ...changes.subCa1 });
  const subCa2 = await issue({ profile: 'subCa2', commonName: `${name} sub 2`, issuer: subCa1, ...changes.subCa2 });
  return { root, subCa1, subCa2 };
}

/** The same, all of it on a curve. */
export function ownPkiOn(curve: CurveName, name: string, under?: Issued): Promise<OwnPki> {
  return ownPki(name, { root: { curve }, subCa1: { curve }, subCa2: { curve } }, under);
}

/** Extensions of a CA that say only this. */
export function caExtensions(key: KeyPair, usage: readonly KeyUsage[] = ['keyCertSign'], pathLength?: number) {
  return [basicConstraints(true, pathLength), keyUsage(...usage), ski(keyIdentifierOf(key)), aki(keyIdentifierOf(key))];
}
