/** What the pool has to know of the messages of an edition. Rules are elsewhere, and the same for both. */
import type { Certificate, Edition, EnvelopeForm, SignatureVerdict } from '@plugpool/iso15118';
import type { RootCertificateId } from '../root-choice.ts';

/** Why a car gets no contract. Each edition has response codes of its own for it. */
export type RefusalReason =
  | 'vehicle-unknown'
  | 'no-contract'
  | 'none-usable'
  | 'signature'
  | 'chain'
  | 'expired'
  | 'not-yet-valid'
  | 'revoked'
  | 'request';

/** A CertificateInstallationReq. */
export interface InstallationRequest {
  readonly sessionId: Uint8Array;
  /** DER of the provisioning certificate, whose key signed the request. */
  readonly certificate: Uint8Array;
  /** Where that certificate stands in the request. */
  readonly certificateField: string;
  readonly rootIds: readonly RootCertificateId[];
  /** Which contracts the car asks for; a car of ISO 15118-2 cannot say, and gets its default. */
  readonly wish: ContractWish | undefined;
  /** Whether the car signed what it has to sign. */
  verify(certificate: Pick<Certificate, 'publicKey'>): SignatureVerdict;
}

export interface ContractWish {
  /** From 0 to 255. */
  readonly most: number;
  /** As the car writes them, the most wanted first. */
  readonly prioritizedEmaids: readonly string[];
}

/** A CertificateInstallationRes that brings a contract. */
export interface InstallationResponse {
  readonly sessionId: Uint8Array;
  readonly responseCode: string;
  readonly contractChain: ChainInMessage;
  readonly cpsChain: ChainInMessage;
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  /** Beside the one in the contract certificate; ISO 15118-20 has none. */
  readonly emaid: string | undefined;
  /** What the message says of the sealing of the key; ISO 15118-2 knows one way only, and says nothing. */
  readonly sealedAs: { readonly form: EnvelopeForm; readonly ecdhCurve: string } | undefined;
  /** The same message in our own encoding. */
  readonly exi: Uint8Array;
  /** Whether the CPS signed all that it has to sign. */
  verify(cps: Certificate): SignatureVerdict;
}

export interface ChainInMessage {
  readonly Certificate: Uint8Array;
  readonly SubCertificates?: { readonly Certificate: readonly Uint8Array[] };
}

/** What a stored response gets on its way out, all of it outside of the signature. */
export interface Delivery {
  readonly sessionId: Uint8Array;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many further contracts come with this one. */
  readonly remaining: number;
}

export interface InstallationMessages {
  readonly edition: Edition;
  /** @throws UnreadableMessage */
  readRequest(exi: Uint8Array): InstallationRequest;
  /** @throws UnreadableMessage */
  readResponse(exi: Uint8Array): InstallationResponse;
  /** A stored response, made ready for the one who asked. */
  deliver(stored: Uint8Array, delivery: Delivery): Uint8Array;
  /** The response that tells a car why it gets no contract. */
  failure(reason: RefusalReason, text: string, to: Omit<Delivery, 'remaining'>): Uint8Array;
}

/** Octets that are not the message that they should be; says what is wrong, and where. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** A mandatory binary of a failure holds one zero octet, a mandatory text `0`, as cars in the field know it. */
export const ZERO = Uint8Array.of(0);
export const NONE = '0';
