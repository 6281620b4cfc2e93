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
  keyIdentifierOf,
  makeName,
  type ProfileName,
  profileExtensions,
  randomSerialNumber,
  readCertificate,
  type Signer,
  ski,
  softwareSigner,
  writeCertificate,
} from '../src/index.ts';

export const day = 86_400_000;
/** The instant at which the test chains are looked at. */
export const now = Date.UTC(2026, 5, 1);

export interface Issued {
  readonly certificate: Certificate;
  readonly keys: KeyPair;
  readonly signer: Signer;
}

export interface IssueOptions {
  readonly curve?: CurveName;
  readonly profile: ProfileName;
  readonly commonName: string;
  readonly issuer?: Issued;
  readonly keys?: KeyPair;
  readonly notBefore?: number;
  readonly notAfter?: number;
  /** Replaces the extensions of the profile. */
  readonly extensions?: readonly Extension[];
  readonly extraExtensions?: readonly Extension[];
  readonly content?: Partial<CertificateContent>;
}

/** Issues a certificate of a profile; without an issuer it signs itself. */
export async function issue(options: IssueOptions): Promise<Issued> {
  const { curve = 'secp256r1', profile, commonName, issuer, keys = generateKeyPair(curve) } = options;
  const signer = softwareSigner(keys.privateKey);
  const entry = certificateProfiles[profile];
  const subject = makeName([
    { type: 'C', value: 'DE' },
    { type: 'O', value: 'Plugpool Test' },
    ...('domainComponent' in entry ? [{ type: 'DC', value: entry.domainComponent } as const] : []),
    { type: 'CN', value: commonName },
  ]);
  const issuerKeyIdentifier = issuer?.certificate.subjectKeyIdentifier ?? keyIdentifierOf(keys);
  const extensions =
    options.extensions ??
    profileExtensions(entry, {
      subjectKey: keys,
      issuerKeyIdentifier,
      ...(issuer === undefined
        ? {}
        : { ocspUrl: 'http://ocsp.example/ocsp', caIssuersUrl: 'http://ca.example/ca.cer' }),
    });
  const der = await writeCertificate(
    {
      serialNumber: randomSerialNumber(),
      issuer: issuer?.certificate.subject ?? subject,
      subject,
      notBefore: options.notBefore ?? now - 365 * day,
      notAfter: options.notAfter ?? now + 365 * day,
      spki: keys.spki,
      extensions: [...extensions, ...(options.extraExtensions ?? [])],
      ...options.content,
    },
    issuer?.signer ?? signer,
  );
  return { certificate: readCertificate(der), keys, signer };
}

export interface TestChain {
  readonly root: Issued;
  readonly subCa1: Issued;
  readonly subCa2: Issued;
  readonly leaf: Issued;
}

/** V2G root → OEM sub CA 1 → OEM sub CA 2 → vehicle certificate. */
export async function issueChain(curve: CurveName = 'secp256r1'): Promise<TestChain> {
  const root = await issue({ curve, profile: 'root', commonName: 'V2G Root' });
  const subCa1 = await issue({ curve, profile: 'subCa1', commonName: 'OEM Sub1', issuer: root });
  const subCa2 = await issue({ curve, profile: 'subCa2', commonName: 'OEM Sub2', issuer: subCa1 });
  const leaf = await issue({ curve, profile: 'oem', commonName: 'WMIOEM1234567890X', issuer: subCa2 });
  return { root, subCa1, subCa2, leaf };
}

/** Extensions of a CA that say only what is given here. */
export function caExtensions(keys: KeyPair, issuer: Issued, pathLength?: number): Extension[] {
  return [
    basicConstraints(true, pathLength),
    ski(keyIdentifierOf(keys)),
    aki(issuer.certificate.subjectKeyIdentifier ?? new Uint8Array(8)),
  ];
}
