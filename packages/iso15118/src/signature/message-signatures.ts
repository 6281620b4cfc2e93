import {
  type ElementName,
  encodeFragment,
  type FragmentOptions,
  type Iso15118_2Document,
  type Iso15118_20CommonDocument,
  iso15118_2,
  iso15118_20Common,
  type MessageHeader20,
  type Signature,
  type SignedInfo,
  withFragment,
} from '@plugpool/exi';
import type { Edition } from '../algorithms.ts';

/** How the messages of one edition carry a signature. Another edition is another value of this type. */
export interface MessageSignatures<Document> {
  readonly edition: Edition;
  /** The parts of a document that matter to a signature; `undefined` when it is no message of the edition. */
  parts(document: Document): SignedParts | undefined;
  /** What `use` makes of the EXI fragment of an element of a message; the octets are gone after that. */
  withFragment<T>(element: ElementName, value: unknown, use: (exi: Uint8Array) => T, options?: FragmentOptions): T;
  /** SignedInfo as a fragment of the message schemas together with the signature schema: wrong, yet found in the field. */
  combinedSignedInfo(signedInfo: SignedInfo): Uint8Array;
  /** Elements declared with several types, whose fragments some codecs encode with a single one. */
  readonly multiTypeElements: ReadonlySet<string>;
  /** Elements of a message that must be signed. */
  requiredIn(message: string): readonly string[];
  /** Whether encodings that stray from the standard, yet are unambiguous, are accepted in a message. */
  toleratesOtherEncodings(message: string): boolean;
}

export interface SignedParts {
  readonly signature: Signature | undefined;
  /** Local name of the message. */
  readonly message: string;
  readonly value: unknown;
}

const contractElements = [
  'ContractSignatureCertChain',
  'ContractSignatureEncryptedPrivateKey',
  'DHpublickey',
  'eMAID',
] as const;

const iso2Required: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['CertificateInstallationReq', ['CertificateInstallationReq']],
  ['CertificateInstallationRes', contractElements],
  ['CertificateUpdateReq', ['CertificateUpdateReq']],
  ['CertificateUpdateRes', contractElements],
  ['AuthorizationReq', ['AuthorizationReq']],
  ['MeteringReceiptReq', ['MeteringReceiptReq']],
]);

/** ISO 15118-2: the signature is in the header of the message (§8.3); which elements it covers, §7.9.2. */
export const iso2MessageSignatures: MessageSignatures<Iso15118_2Document> = {
  edition: 'ISO15118-2',
  parts(document) {
    if (!('V2G_Message' in document) || document.V2G_Message === undefined) {
      return undefined;
    }
    const { Header, Body } = document.V2G_Message;
    const [message] = Object.entries(Body).filter(([, value]) => value !== undefined);
    return message === undefined ? undefined : { signature: Header.Signature, message: message[0], value: message[1] };
  },
  withFragment: (element, value, use, options) => withFragment(iso15118_2, element, value, use, options),
  combinedSignedInfo: (signedInfo) => encodeFragment(iso15118_2, 'SignedInfo', signedInfo),
  multiTypeElements: new Set(['eMAID']),
  requiredIn: (message) => iso2Required.get(message) ?? [message],
  toleratesOtherEncodings: (message) => message.endsWith('Res'),
};

const iso20Required: ReadonlyMap<string, readonly string[]> = new Map([
  ['CertificateInstallationReq', ['OEMProvisioningCertificateChain']],
  ['CertificateInstallationRes', ['SignedInstallationData']],
  ['AuthorizationReq', ['PnC_AReqAuthorizationMode']],
  ['MeteringConfirmationReq', ['SignedMeteringData']],
]);

/**
 * ISO 15118-20: every message has a header of its own with the signature in it, and elements of the message are signed,
 * never the message as a whole (§7.9.2.3).
 */
export const iso20MessageSignatures: MessageSignatures<Iso15118_20CommonDocument> = {
  edition: 'ISO15118-20',
  parts(document) {
    const [entry] = Object.entries(document).filter(([, value]) => value !== undefined);
    const [message, value]: [string, unknown] = entry ?? ['', undefined];
    if (typeof value !== 'object' || value === null || !hasHeader(value)) return undefined;
    const { Header, ...content } = value;
    return { signature: Header.Signature, message, value: content };
  },
  withFragment: (element, value, use, options) => withFragment(iso15118_20Common, element, value, use, options),
  combinedSignedInfo: (signedInfo) => encodeFragment(iso15118_20Common, 'SignedInfo', signedInfo),
  multiTypeElements: new Set(),
  requiredIn: (message) => iso20Required.get(message) ?? [],
  toleratesOtherEncodings: () => true,
};

function hasHeader(value: object): value is { readonly Header: MessageHeader20 } {
  return 'Header' in value;
}
