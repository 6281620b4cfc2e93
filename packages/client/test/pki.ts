/** A V2G root with OEM, MO and CPS branches, and a CPS that signs, all made for one test run. */
import {
  type Certificate,
  type CurveName,
  certificateProfiles,
  generateKeyPair,
  type KeyPair,
  keyIdentifierOf,
  makeName,
  type ProfileName,
  type PublicKey,
  profileExtensions,
  randomSerialNumber,
  readCertificate,
  type Signer,
  sealContractKey,
  signCertificateInstallationRes,
  softwareSigner,
  writeCertificate,
} from '@plugpool/iso15118';

const day = 86_400_000;

export interface Issued {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
  readonly signer: Signer;
}

interface Wanted {
  readonly profile: ProfileName;
  readonly commonName: string;
  readonly issuer?: Issued;
  readonly keys?: KeyPair;
  readonly domainComponent?: string;
  /** That of the issuer when not given, and secp256r1 without one. */
  readonly curve?: CurveName;
  readonly organization?: string;
}

export async function issue(wanted: Wanted): Promise<Issued> {
  const { profile, commonName, issuer, keys, domainComponent, organization } = wanted;
  const pair = keys ?? generateKeyPair(wanted.curve ?? issuer?.keys.curve ?? 'secp256r1');
  const own = softwareSigner(pair.privateKey);
  const certificate = await certificateFor({
    profile,
    commonName,
    issuer,
    domainComponent,
    organization,
    subjectKey: pair,
    signer: issuer?.signer ?? own,
  });
  return { certificate, keys: pair, signer: own };
}

interface Subject {
  readonly profile: ProfileName;
  readonly commonName: string;
  readonly subjectKey: PublicKey;
  readonly issuer: Issued | undefined;
  readonly signer: Signer;
  readonly domainComponent?: string | undefined;
  readonly organization?: string | undefined;
}

async function certificateFor(wanted: Subject) {
  const { profile, commonName, subjectKey, issuer, signer, domainComponent, organization = 'Test' } = wanted;
  const entry = certificateProfiles[profile];
  const dc = domainComponent ?? ('domainComponent' in entry ? entry.domainComponent : undefined);
  const subject = makeName([
    { type: 'C', value: 'DE' },
    { type: 'O', value: organization },
    ...(dc === undefined ? [] : [{ type: 'DC', value: dc } as const]),
    { type: 'CN', value: commonName },
  ]);
  const der = await writeCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: issuer?.certificate.subject ?? subject,
      subject,
      notBefore: Date.now() - day,
      notAfter: Date.now() + 365 * day,
      spki: subjectKey.spki,
      extensions: profileExtensions(entry, {
        subjectKey,
        issuerKeyIdentifier: issuer?.certificate.subjectKeyIdentifier ?? keyIdentifierOf(subjectKey),
      }),
    },
    signer,
  );
  return readCertificate(der);
}

export interface Branch {
  readonly subCa1: Issued;
  readonly subCa2: Issued;
}

export interface TestPki {
  readonly root: Issued;
  readonly oem: Branch;
  readonly mo: Branch;
  readonly cps: Branch;
  readonly cpsLeaf: Issued;
}

export async function makePki(curve: CurveName = 'secp256r1'): Promise<TestPki> {
  const root = await issue({ profile: 'root', commonName: 'V2G Root', curve });
  const branch = async (name: string): Promise<Branch> => {
    const subCa1 = await issue({ profile: 'subCa1', commonName: `${name} Sub1`, issuer: root });
    return { subCa1, subCa2: await issue({ profile: 'subCa2', commonName: `${name} Sub2`, issuer: subCa1 }) };
  };
  const cps = await branch('CPS');
  const cpsLeaf = await issue({ profile: 'cps', commonName: 'CPS signer', issuer: cps.subCa2 });
  return { root, oem: await branch('OEM'), mo: await branch('MO'), cps, cpsLeaf };
}

/** What an issuer makes of a public key. */
export function certifyKey(profile: ProfileName, commonName: string, subjectKey: PublicKey, issuer: Issued) {
  return certificateFor({ profile, commonName, subjectKey, issuer, signer: issuer.signer });
}

export const sent = ({ subCa1, subCa2 }: Branch) => ({ subCa1: subCa1.certificate, subCa2: subCa2.certificate });

export interface ResponseChanges {
  readonly cpsLeaf?: Issued;
  /** Who signs, when it is not the CPS in the message. */
  readonly signer?: Signer;
  readonly emaid?: string;
  /** The private key that is sealed, when it is not that of the contract certificate. */
  readonly sealedKey?: KeyPair;
  readonly responseCode?: 'FAILED';
  /** A DH public key that is no point of the curve, signed all the same. */
  readonly damagedPoint?: boolean;
}

/** A signed CertificateInstallationRes for a car, or one with something wrong with it. */
export async function respond(
  pki: TestPki,
  vehicle: Certificate,
  sessionId: Uint8Array,
  changes: ResponseChanges = {},
): Promise<Uint8Array> {
  const contract = await issue({ profile: 'contract', commonName: 'DEPPLC12345678', issuer: pki.mo.subCa2 });
  const sealed = sealContractKey({
    curve: 'secp256r1',
    vehiclePublicKey: vehicle.publicKey.point,
    contractKey: (changes.sealedKey ?? contract.keys).privateKey,
  });
  if (changes.damagedPoint === true) sealed.dhPublicKey[64] = (sealed.dhPublicKey[64] ?? 0) ^ 1;
  const cpsLeaf = changes.cpsLeaf ?? pki.cpsLeaf;
  const { exi } = await signCertificateInstallationRes({
    sessionId,
    ...(changes.responseCode && { responseCode: changes.responseCode }),
    provisioningChain: { certificate: cpsLeaf.certificate, ...sent(pki.cps) },
    contractChain: { certificate: contract.certificate, ...sent(pki.mo) },
    ...sealed,
    emaid: changes.emaid ?? 'DEPPLC12345678',
    signer: changes.signer ?? cpsLeaf.signer,
  });
  return exi;
}
