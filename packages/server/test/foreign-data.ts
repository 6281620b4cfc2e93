/** Contract data of a CPS of the test's own, right or wrong, in the two forms in which it is brought to the pool. */
import {
  type CertificateInstallationRes,
  encode,
  encodeFragment,
  type Iso15118_2Document,
  iso15118_2,
  toXml,
  xmldsig,
} from '@plugpool/exi';
import { type CertificateInstallationResFields, type Signer, signCertificateInstallationRes } from '@plugpool/iso15118';
import type { SealedContract } from './dialects.ts';
import type { Place } from './json-places.ts';
import { type Issued, issue, type OwnPki } from './own-pki.ts';
import { base64 } from './roles.ts';

export type ForeignFields = CertificateInstallationResFields & { readonly signer: Signer };

/** The operations that take such data, and how each of them has it. */
export const carriers: readonly { name: string; place: Place; carry: (document: Iso15118_2Document) => string }[] = [
  {
    name: 'PUT /opnc/v1/ccp/signedcontractdata',
    place: ['certificateInstallationRes'],
    carry: (document) => base64(encode(iso15118_2, document)),
  },
  {
    name: 'PUT /v1/ccp/signedContractData',
    place: ['signedContractDataXML'],
    carry: (document) => base64(Buffer.from(toXml(iso15118_2, document))),
  },
];

/** Everything that goes into good data: contract and CPS are both of the given PKI. */
export async function foreignFields(own: OwnPki, data: SealedContract): Promise<ForeignFields> {
  const cps = await issue({ profile: 'cps', commonName: 'Own CPS', issuer: own.subCa2 });
  const contract = await issue({ profile: 'contract', commonName: data.emaid, issuer: own.subCa2 });
  return {
    sessionId: Uint8Array.of(0),
    provisioningChain: sentChain(cps, own),
    contractChain: sentChain(contract, own),
    encryptedPrivateKey: data.encryptedPrivateKey,
    dhPublicKey: data.dhPublicKey,
    emaid: data.emaid,
    signer: cps.signer,
  };
}

export function sentChain(leaf: Issued, { subCa2, subCa1 }: Omit<OwnPki, 'root'>) {
  return { certificate: leaf.certificate, subCa2: subCa2.certificate, subCa1: subCa1.certificate };
}

export async function signed(fields: ForeignFields): Promise<Iso15118_2Document> {
  return (await signCertificateInstallationRes(fields)).document;
}

/** Something else under the signature of good data. */
export async function tampered(
  fields: ForeignFields,
  changes: Partial<CertificateInstallationRes>,
): Promise<Iso15118_2Document> {
  const { Header, res } = partsOf(await signed(fields));
  return { V2G_Message: { Header, Body: { CertificateInstallationRes: { ...res, ...changes } } } };
}

/** Properly signed, for everything but the element of that Id. */
export async function withoutReference(fields: ForeignFields, uri: string): Promise<Iso15118_2Document> {
  const { Header, res } = partsOf(await signed(fields));
  const { SignedInfo: info } = Header.Signature ?? {};
  if (info === undefined) throw new Error('not signed');
  const SignedInfo = { ...info, Reference: info.Reference.filter(({ URI }) => URI !== uri) };
  const value = await fields.signer.sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
  const Signature = { SignedInfo, SignatureValue: { value } };
  return { V2G_Message: { Header: { ...Header, Signature }, Body: { CertificateInstallationRes: res } } };
}

export function partsOf({ V2G_Message: message }: Iso15118_2Document) {
  if (message === undefined || !('CertificateInstallationRes' in message.Body)) throw new Error('not the response');
  return { Header: message.Header, res: message.Body.CertificateInstallationRes };
}
