/**
 * The messages of ISO 15118-2 that bring a contract certificate into a car, built and signed (§8.4.3). The names of
 * fields follow the field's words; the messages themselves are those of @plugpool/exi.
 */
import {
  type CertificateInstallationRes,
  encode,
  type Iso15118_2Document,
  iso15118_2,
  type Signature,
  type V2gBody,
  type X509IssuerSerial,
} from '@plugpool/exi';
import type { Certificate } from '../certificates/certificate.ts';
import type { Signer } from '../certificates/signer.ts';
import { iso2MessageSignatures } from './message-signatures.ts';
import { chainOf, derOf, rootIdOf, type SentChain } from './sent-certificates.ts';
import { signElements } from './sign.ts';
import { signableElements } from './signed-elements.ts';

/** A signed message, as a document and as the octets that go over the wire. */
export interface SignedMessage {
  readonly document: Iso15118_2Document;
  readonly exi: Uint8Array;
}

export interface CertificateInstallationReqFields {
  /** Up to 8 octets. */
  readonly sessionId: Uint8Array;
  readonly provisioningCertificate: Certificate | Uint8Array;
  /** The V2G roots that the car has, 1 to 20. */
  readonly roots: readonly (Certificate | X509IssuerSerial)[];
  /** Key of the provisioning certificate. */
  readonly signer: Signer;
}

/** The request of a car for its contract, signed as a whole under the Id `id1`. */
export function signCertificateInstallationReq(fields: CertificateInstallationReqFields): Promise<SignedMessage> {
  return signed(fields, {
    CertificateInstallationReq: {
      Id: 'id1',
      OEMProvisioningCert: derOf(fields.provisioningCertificate),
      ListOfRootCertificateIDs: { RootCertificateID: fields.roots.map(rootIdOf) },
    },
  });
}

export interface CertificateUpdateReqFields {
  readonly sessionId: Uint8Array;
  readonly contractChain: SentChain;
  readonly emaid: string;
  readonly roots: readonly (Certificate | X509IssuerSerial)[];
  /** Key of the contract certificate that is to be replaced. */
  readonly signer: Signer;
}

/** The request of a car to renew its contract, signed as a whole under the Id `id1`. */
export function signCertificateUpdateReq(fields: CertificateUpdateReqFields): Promise<SignedMessage> {
  return signed(fields, {
    CertificateUpdateReq: {
      Id: 'id1',
      ContractSignatureCertChain: chainOf(fields.contractChain),
      eMAID: fields.emaid,
      ListOfRootCertificateIDs: { RootCertificateID: fields.roots.map(rootIdOf) },
    },
  });
}

export interface CertificateInstallationResFields {
  /** Up to 8 octets; outside of what is signed, so it may be exchanged afterwards. */
  readonly sessionId: Uint8Array;
  readonly responseCode?: CertificateInstallationRes['ResponseCode'];
  /** CPS leaf and its sub CAs: `SAProvisioningCertificateChain`. */
  readonly provisioningChain: SentChain;
  readonly contractChain: SentChain;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  /** At most 15 characters, as the message has room for. */
  readonly emaid: string;
}

/** The response that carries a contract, not yet signed. */
export function buildCertificateInstallationRes(fields: CertificateInstallationResFields): Iso15118_2Document {
  return documentOf(fields.sessionId, { CertificateInstallationRes: contractOf(fields) });
}

/**
 * The response that carries a contract, signed by the CPS: four references in the order `id1` (contract chain), `id2`
 * (encrypted key), `id3` (DH public key), `id4` (EMAID).
 */
export function signCertificateInstallationRes(
  fields: CertificateInstallationResFields & { readonly signer: Signer },
): Promise<SignedMessage> {
  return signed(fields, { CertificateInstallationRes: contractOf(fields) });
}

export interface CertificateUpdateResFields extends CertificateInstallationResFields {
  /** Days until the car may ask again; -1 for never. */
  readonly retryCounter?: number;
}

/** The response that carries a renewed contract, signed by the CPS like that of an installation. */
export function signCertificateUpdateRes(
  fields: CertificateUpdateResFields & { readonly signer: Signer },
): Promise<SignedMessage> {
  const { retryCounter } = fields;
  return signed(fields, {
    CertificateUpdateRes: {
      ...contractOf(fields),
      ...(retryCounter === undefined ? {} : { RetryCounter: retryCounter }),
    },
  });
}

/**
 * Signs every element with an Id in a message and gives the message with its signature in the header.
 * @throws SignatureError; ExiError when a field does not fit the schema
 */
async function signed(
  { sessionId, signer }: { readonly sessionId: Uint8Array; readonly signer: Signer },
  body: V2gBody,
): Promise<SignedMessage> {
  const elements = Object.entries(body).flatMap(([message, value]) => signableElements(message, value));
  const document = documentOf(sessionId, body, await signElements(iso2MessageSignatures, elements, signer));
  return { document, exi: encode(iso15118_2, document) };
}

function documentOf(SessionID: Uint8Array, Body: V2gBody, signature?: Signature): Iso15118_2Document {
  const Header = signature === undefined ? { SessionID } : { SessionID, Signature: signature };
  return { V2G_Message: { Header, Body } };
}

function contractOf(fields: CertificateInstallationResFields): CertificateInstallationRes {
  return {
    ResponseCode: fields.responseCode ?? 'OK',
    SAProvisioningCertificateChain: chainOf(fields.provisioningChain),
    ContractSignatureCertChain: { Id: 'id1', ...chainOf(fields.contractChain) },
    ContractSignatureEncryptedPrivateKey: { Id: 'id2', value: fields.encryptedPrivateKey },
    DHpublickey: { Id: 'id3', value: fields.dhPublicKey },
    eMAID: { Id: 'id4', value: fields.emaid },
  };
}
