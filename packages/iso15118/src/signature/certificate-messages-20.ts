/**
 * The messages of ISO 15118-20 that bring contract certificates into a car, built and signed (§8.3.4.3.9). A response
 * carries one contract; how many more there are stands outside of what is signed, as header and CPS chain do.
 */
import {
  type CertificateInstallationReq20,
  type CertificateInstallationRes20,
  encode,
  type Iso15118_20CommonDocument,
  iso15118_20Common,
  type MessageHeader20,
  type X509IssuerSerial,
} from '@plugpool/exi';
import type { Certificate } from '../certificates/certificate.ts';
import type { Signer } from '../certificates/signer.ts';
import { type EnvelopeCurve, type EnvelopeForm, formOf, schemeOf } from '../envelope/scheme.ts';
import { iso20MessageSignatures } from './message-signatures.ts';
import { chainOf, rootIdOf, type SentChain } from './sent-certificates.ts';
import { signElements } from './sign.ts';
import { signableElements } from './signed-elements.ts';

/** A signed message, as a document and as the octets that go over the wire. */
export interface SignedMessage20 {
  readonly document: Iso15118_20CommonDocument;
  readonly exi: Uint8Array;
}

interface Header20Fields {
  /** 8 octets. */
  readonly sessionId: Uint8Array;
  /** Epoch milliseconds; the message has seconds. */
  readonly timestamp: number;
}

export interface CertificateInstallationReq20Fields extends Header20Fields {
  readonly provisioningChain: SentChain;
  /** The V2G roots that the car has, 1 to 20. */
  readonly roots: readonly (Certificate | X509IssuerSerial)[];
  /** 0 to 255. */
  readonly maximumContractCertificateChains: number;
  /** At most 8, the most wanted first. */
  readonly prioritizedEmaids?: readonly string[];
  /** Key of the provisioning certificate, on secp521r1 or Ed448. */
  readonly signer: Signer;
}

/** The request of a car for its contracts; its own chain is signed under the Id `id1`. */
export function signCertificateInstallationReq20(fields: CertificateInstallationReq20Fields): Promise<SignedMessage20> {
  const { prioritizedEmaids = [] } = fields;
  const request: CertificateInstallationReq20 = {
    Header: headerOf(fields),
    OEMProvisioningCertificateChain: { Id: 'id1', ...chainOf(fields.provisioningChain) },
    ListOfRootCertificateIDs: { RootCertificateID: fields.roots.map(rootIdOf) },
    MaximumContractCertificateChains: fields.maximumContractCertificateChains,
    ...(prioritizedEmaids.length > 0 && { PrioritizedEMAIDs: { EMAID: [...prioritizedEmaids] } }),
  };
  return signed(fields.signer, 'CertificateInstallationReq', request, (Header) => ({
    CertificateInstallationReq: { ...request, Header },
  }));
}

export interface CertificateInstallationRes20Fields extends Header20Fields {
  readonly responseCode?: CertificateInstallationRes20['ResponseCode'];
  /** CPS leaf and its sub CAs. */
  readonly cpsChain: SentChain;
  readonly contractChain: SentChain;
  /** Curve of the vehicle's key. */
  readonly curve: EnvelopeCurve;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  /** How many contracts the car can still ask for: 0 to 255. */
  readonly remainingContractCertificateChains: number;
}

/** The response that carries one contract, not yet signed. @throws EnvelopeError for a key of no known form */
export function buildCertificateInstallationRes20(
  fields: CertificateInstallationRes20Fields,
): Iso15118_20CommonDocument {
  return { CertificateInstallationRes: contractOf(fields) };
}

/**
 * The response that carries one contract; the CPS signs its SignedInstallationData under the Id `id1`.
 * @throws EnvelopeError for a key of no known form
 */
export async function signCertificateInstallationRes20(
  fields: CertificateInstallationRes20Fields & { readonly signer: Signer },
): Promise<SignedMessage20> {
  const response = contractOf(fields);
  return await signed(fields.signer, 'CertificateInstallationRes', response, (Header) => ({
    CertificateInstallationRes: { ...response, Header },
  }));
}

function contractOf(fields: CertificateInstallationRes20Fields): CertificateInstallationRes20 {
  const { Certificate, SubCertificates } = chainOf(fields.contractChain);
  schemeOf(fields.curve, 'ISO15118-20');
  const { ecdhCurve, form } = formOf(fields.curve, fields.encryptedPrivateKey);
  return {
    Header: headerOf(fields),
    ResponseCode: fields.responseCode ?? 'OK',
    EVSEProcessing: 'Finished',
    CPSCertificateChain: chainOf(fields.cpsChain),
    SignedInstallationData: {
      Id: 'id1',
      ContractCertificateChain: { Certificate, SubCertificates },
      ECDHCurve: ecdhCurve,
      DHPublicKey: fields.dhPublicKey,
      ...keyIn(form, fields.encryptedPrivateKey),
    },
    RemainingContractCertificateChains: fields.remainingContractCertificateChains,
  };
}

function keyIn(form: EnvelopeForm, sealed: Uint8Array) {
  if (form === 'TPM') return { TPM_EncryptedPrivateKey: sealed };
  return form === 'X448' ? { X448_EncryptedPrivateKey: sealed } : { SECP521_EncryptedPrivateKey: sealed };
}

function headerOf({ sessionId, timestamp }: Header20Fields): MessageHeader20 {
  return { SessionID: sessionId, TimeStamp: BigInt(Math.floor(timestamp / 1000)) };
}

/** @throws SignatureError; ExiError when a field does not fit the schema */
async function signed(
  signer: Signer,
  name: string,
  { Header, ...content }: CertificateInstallationReq20 | CertificateInstallationRes20,
  complete: (header: MessageHeader20) => Iso15118_20CommonDocument,
): Promise<SignedMessage20> {
  const Signature = await signElements(iso20MessageSignatures, signableElements(name, content), signer);
  const document = complete({ ...Header, Signature });
  return { document, exi: encode(iso15118_20Common, document) };
}
