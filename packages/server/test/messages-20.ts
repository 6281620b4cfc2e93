/** Messages of ISO 15118-20 as a car, a CPS and a mobility operator make them, each with a PKI of its own. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  type CertificateInstallationReq20,
  type CertificateInstallationRes20,
  encode,
  encodeFragment,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
  type Signature,
  type SignedInfo,
  xmldsig,
} from '@plugpool/exi';
import {
  algorithms,
  type CertificateInstallationReq20Fields,
  type CertificateInstallationRes20Fields,
  type CurveName,
  certificateProfiles,
  type Envelope,
  generateKeyPair,
  type LeafProfileName,
  profileExtensions,
  type Signer,
  sealContractKey,
  signCertificateInstallationReq20,
  signCertificateInstallationRes20,
} from '@plugpool/iso15118';
import { DAY_MS, type Issued, issue } from './own-pki.ts';

export type Curve20 = Exclude<CurveName, 'secp256r1'>;

/** The moment at which the messages are made and looked at. */
export const madeAt = Date.UTC(2026, 5, 1, 12);
export const sessionId = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
export const pcid = 'WMIOEM1234567890X';
export const emaid = 'DE8AAA1A2B3C4D5';

/** A leaf with the chain above it; nothing strays from the profiles. */
export interface Leaf20 extends Issued {
  readonly subCa2: Issued;
  readonly subCa1: Issued;
  readonly root: Issued;
}

export async function issueLeaf20(curve: CurveName, profile: LeafProfileName, commonName: string): Promise<Leaf20> {
  const upper = profile.toUpperCase();
  const root = await issueAsIs(curve, 'root', `${upper} Root`);
  const subCa1 = await issueAsIs(curve, 'subCa1', `${upper} Sub 1`, root);
  const subCa2 = await issueAsIs(curve, profile === 'contract' ? 'moSubCa2' : 'subCa2', `${upper} Sub 2`, subCa1);
  return { ...(await issueAsIs(curve, profile, commonName, subCa2)), subCa2, subCa1, root };
}

function issueAsIs(
  curve: CurveName,
  profile: keyof typeof certificateProfiles,
  commonName: string,
  issuer?: Issued,
): Promise<Issued> {
  const key = generateKeyPair(curve);
  const extensions = profileExtensions(certificateProfiles[profile], {
    subjectKey: key,
    issuerKeyIdentifier: issuer?.certificate.subjectKeyIdentifier ?? new Uint8Array(8),
    ocspUrl: 'http://ocsp.example/ocsp',
  });
  const validity = { notBefore: madeAt - DAY_MS, notAfter: madeAt + 30 * DAY_MS };
  return issue({ profile, commonName, curve, key, extensions, ...validity, ...(issuer && { issuer }) });
}

export interface Parties20 {
  readonly oem: Leaf20;
  readonly cps: Leaf20;
  readonly contract: Leaf20;
}

export async function parties20(curve: CurveName): Promise<Parties20> {
  return {
    oem: await issueLeaf20(curve, 'oem', pcid),
    cps: await issueLeaf20(curve, 'cps', 'CPS Signer'),
    contract: await issueLeaf20(curve, 'contract', emaid),
  };
}

export function sent({ certificate, subCa2, subCa1 }: Leaf20) {
  return { certificate, subCa2: subCa2.certificate, subCa1: subCa1.certificate };
}

/** Of a request that the car signs. */
export async function requestOf(
  { oem }: Parties20,
  fields: Partial<CertificateInstallationReq20Fields> = {},
): Promise<CertificateInstallationReq20> {
  const { document } = await signCertificateInstallationReq20({
    sessionId,
    timestamp: madeAt,
    provisioningChain: sent(oem),
    roots: [oem.root.certificate],
    maximumContractCertificateChains: 2,
    prioritizedEmaids: [emaid],
    signer: oem.signer,
    ...fields,
  });
  if (!('CertificateInstallationReq' in document)) throw new Error('no request');
  return document.CertificateInstallationReq;
}

/** Of a response that the CPS signs. */
export async function responseOf(
  parties: Parties20,
  fields: Partial<CertificateInstallationRes20Fields> = {},
): Promise<CertificateInstallationRes20> {
  const { cps, contract } = parties;
  const curve = contract.certificate.publicKey.curve;
  const { document } = await signCertificateInstallationRes20({
    sessionId,
    timestamp: madeAt,
    cpsChain: sent(cps),
    contractChain: sent(contract),
    curve,
    ...envelopeFor(parties),
    remainingContractCertificateChains: 1,
    signer: cps.signer,
    ...fields,
  });
  if (!('CertificateInstallationRes' in document)) throw new Error('no response');
  return document.CertificateInstallationRes;
}

export function envelopeFor({ oem, contract }: Parties20): Envelope {
  const { curve, point } = oem.certificate.publicKey;
  const binding = { pcid, contractSki: contract.certificate.subjectKeyIdentifier };
  if (curve !== 'ed448') {
    return sealContractKey({ curve, vehiclePublicKey: point, contractKey: contract.key.privateKey, ...binding });
  }
  const { publicKey } = generateKeyPairSync('x448');
  const vehiclePublicKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-56);
  return sealContractKey({ curve, vehiclePublicKey, contractKey: new Uint8Array(56).fill(9), ...binding });
}

const commonMessages = 'urn:iso:std:iso:15118:-20:CommonMessages';

/** A header as it is before it is signed. */
export const unsignedHeader = { SessionID: sessionId, TimeStamp: BigInt(madeAt / 1000) };

/** A header whose signature covers these elements, by their Ids. */
export async function signedHeader(
  signer: Signer,
  elements: Readonly<Record<string, { readonly name: string; readonly value: unknown }>>,
) {
  const canonical = { Algorithm: 'http://www.w3.org/TR/canonical-exi/' };
  const { digests, signatureUris } = algorithms[signer.curve];
  const [digest] = digests;
  const SignedInfo: SignedInfo = {
    CanonicalizationMethod: canonical,
    SignatureMethod: { Algorithm: signatureUris[0] },
    Reference: Object.entries(elements).map(([id, { name, value }]) => ({
      URI: `#${id}`,
      Transforms: { Transform: [canonical] },
      DigestMethod: { Algorithm: digest.uri },
      DigestValue: digestOf(digest, encodeFragment(iso15118_20Common, { name, uri: commonMessages }, value)),
    })),
  };
  const value = await signer.sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
  const Signature: Signature = { SignedInfo, SignatureValue: { value } };
  return { ...unsignedHeader, Signature };
}

function digestOf({ hash, size }: { readonly hash: string; readonly size: number }, octets: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash(hash, { outputLength: size }).update(octets).digest());
}

export function encoded(document: Iso15118_20CommonDocument): Uint8Array {
  return encode(iso15118_20Common, document);
}
