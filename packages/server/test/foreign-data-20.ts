/** Contract data of ISO 15118-20 that a CPS of the test's own signed, in the two forms in which it is brought to the pool. */
import { hash } from 'node:crypto';
import {
  type CertificateInstallationRes20,
  encode,
  encodeFragment,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
  toXml,
  xmldsig,
} from '@plugpool/exi';
import {
  type CertificateInstallationRes20Fields,
  type CurveName,
  namespaceOfEdition,
  type Signer,
  signCertificateInstallationRes20,
} from '@plugpool/iso15118';
import { type Call, call, type SealedContract } from './dialects.ts';
import { sentChain } from './foreign-data.ts';
import { type Issued, issue, type Order, type OwnPki, ownPkiOn } from './own-pki.ts';
import type { Spoilt } from './refusal.ts';
import { base64 } from './roles.ts';
import { type Car20, type Curve20, publishedCar20, SESSION_20, sealedContract20 } from './roles-20.ts';

export type ForeignFields20 = CertificateInstallationRes20Fields & { readonly signer: Signer };

/** A digest for signatures on either curve. */
const SHA512 = 'http://www.w3.org/2001/04/xmlenc#sha512';

type Response = CertificateInstallationRes20;

/** The call of each dialect that takes such data, and how it has it. */
export const carriers20: readonly { path: string; carry: (document: Iso15118_20CommonDocument) => object }[] = [
  {
    path: '/opnc/v1/ccp/signedcontractdata',
    carry: (document) => ({ certificateInstallationRes: base64(encode(iso15118_20Common, document)) }),
  },
  {
    path: '/v1/ccp/signedContractData',
    carry: (document) => ({ signedContractDataXML: base64(Buffer.from(toXml(iso15118_20Common, document))) }),
  },
];

/** The data brought to the pool, in every dialect that has a call for it. */
export function bringing(document: Iso15118_20CommonDocument, { emaid, pcid }: SealedContract, more = {}): Call[] {
  const common = { emaid, pcid, xsdMsgDefNamespace: namespaceOfEdition('ISO15118-20') };
  return carriers20.map(({ path, carry }) => ({
    method: 'PUT',
    path,
    body: { ...common, ...carry(document), ...more },
  }));
}

/** A PKI of the test's own whose root is in the pool, for contracts and for CPS alike. */
export async function trustedPki(url: string, curve: CurveName): Promise<OwnPki> {
  const pki = await ownPkiOn(curve, `Own ${curve}`);
  const body = { caCertificate: base64(pki.root.certificate.der), rootTypeList: ['V2G', 'eMSP'] };
  const added = await call(url, { method: 'PUT', path: '/opnc/v1/rcp/rootcertificates', body });
  if (added.status !== 200) throw new Error(`root: ${added.text}`);
  return pki;
}

/** An eMSP with a CPS elsewhere, and good data of it for a car of ours. */
export interface Elsewhere {
  readonly own: OwnPki;
  readonly car: Car20;
  readonly data: SealedContract;
  readonly good: ForeignFields20;
  contract(order?: Partial<Order>): Promise<Issued>;
  cps(order?: Partial<Order>): Promise<Issued>;
}

export async function elsewhere20(url: string, curve: Curve20): Promise<Elsewhere> {
  const own = await trustedPki(url, curve);
  const car = await publishedCar20(url, curve);
  const data = await sealedContract20(url, car);
  const common = { issuer: own.subCa2, curve };
  return {
    own,
    car,
    data,
    good: await foreignFields20(own, data, curve),
    contract: (order) => issue({ profile: 'contract', commonName: data.emaid, ...common, ...order }),
    cps: (order) => issue({ profile: 'cps', commonName: 'CPS', ...common, ...order }),
  };
}

/** Everything that goes into good data: contract and CPS are both of the given PKI. */
export async function foreignFields20(own: OwnPki, data: SealedContract, curve: Curve20): Promise<ForeignFields20> {
  const cps = await issue({ profile: 'cps', commonName: 'Own CPS', issuer: own.subCa2, curve });
  const contract = await issue({ profile: 'contract', commonName: data.emaid, issuer: own.subCa2, curve });
  return {
    sessionId: SESSION_20,
    timestamp: 0,
    cpsChain: sentChain(cps, own),
    contractChain: sentChain(contract, own),
    curve,
    encryptedPrivateKey: data.encryptedPrivateKey,
    dhPublicKey: data.dhPublicKey,
    remainingContractCertificateChains: 0,
    signer: cps.signer,
  };
}

export type BadData = readonly [title: string, document: Iso15118_20CommonDocument, names: RegExp];

/** Each of them in every dialect that has a call for it. */
export function refusedData(data: SealedContract, cases: readonly BadData[], more = {}): Spoilt[] {
  return cases.flatMap(([title, document, names]) =>
    bringing(document, data, more).map((each) => ({ title: `${title} at ${each.path}`, call: each, names })),
  );
}

export async function signed20(fields: ForeignFields20): Promise<Iso15118_20CommonDocument> {
  return (await signCertificateInstallationRes20(fields)).document;
}

export function responseOf({ CertificateInstallationRes: res }: Iso15118_20CommonDocument): Response {
  if (res === undefined) throw new Error('not the response');
  return res;
}

/** Something else under the signature of good data. */
export async function tampered20(
  fields: ForeignFields20,
  change: (good: Response) => Partial<Response>,
): Promise<Iso15118_20CommonDocument> {
  const res = responseOf(await signed20(fields));
  return { CertificateInstallationRes: { ...res, ...change(res) } };
}

/** Something else, and properly signed as it is. */
export async function signedAs20(
  fields: ForeignFields20,
  change: (good: Response['SignedInstallationData']) => Response['SignedInstallationData'],
): Promise<Iso15118_20CommonDocument> {
  const res = responseOf(await signed20(fields));
  const SignedInstallationData = change(res.SignedInstallationData);
  const { Signature: signature, ...header } = res.Header;
  const [reference] = signature?.SignedInfo.Reference ?? [];
  if (signature === undefined || reference === undefined) throw new Error('not signed');
  const fragment = encodeFragment(iso15118_20Common, 'SignedInstallationData', SignedInstallationData);
  const digested = {
    ...reference,
    DigestMethod: { Algorithm: SHA512 },
    DigestValue: hash('sha512', fragment, 'buffer'),
  };
  const SignedInfo = { ...signature.SignedInfo, Reference: [digested] };
  const value = await fields.signer.sign(encodeFragment(xmldsig, 'SignedInfo', SignedInfo));
  const Signature = { SignedInfo, SignatureValue: { value } };
  return { CertificateInstallationRes: { ...res, Header: { ...header, Signature }, SignedInstallationData } };
}
