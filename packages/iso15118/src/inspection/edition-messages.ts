/**
 * What the messages of each edition hold, as far as an inspection looks into them. Another edition is another value of
 * this type; what is done with it is written once.
 */
import {
  decode,
  type Iso15118_2Document,
  type Iso15118_20CommonDocument,
  iso15118_2,
  iso15118_20Common,
} from '@plugpool/exi';
import type { Edition } from '../algorithms.ts';
import type { EnvelopeCurve, EnvelopeForm } from '../envelope/scheme.ts';
import type { ExiSchemaName } from './exi-schemas.ts';
import { fieldOf } from './field.ts';

export interface EditionMessages {
  readonly edition: Edition;
  /** As people write it. */
  readonly title: string;
  /** Octets of a SessionID. */
  readonly sessionIdSizes: { readonly smallest: number; readonly largest: number };
  /** The document in the form that signatures are verified in; octets behind it are left out. */
  decode(exi: Uint8Array): Iso15118_2Document | Iso15118_20CommonDocument;
  /** `undefined` when the root is no message of the edition. */
  messageIn(root: string, value: unknown): Message | undefined;
  /** By the name of the message; others are never signed as a whole. */
  readonly signing: ReadonlyMap<string, Signing>;
  /** The contract data in a message, or in the fragment of a part of one. */
  contractDataIn(element: string, value: unknown): SentContractData | undefined;
}

export interface Message {
  readonly name: string;
  readonly header: unknown;
  readonly body: unknown;
}

export interface Signing {
  /**
   * The fields down to the chain or certificate whose key signs. Without it the message does not carry that
   * certificate.
   */
  readonly signer?: readonly string[];
  /** Whether a message with this body has to be signed. */
  readonly needed: (body: unknown) => boolean;
}

/** A contract certificate, and its private key for one vehicle. The fields are as they stand in the message. */
export interface SentContractData {
  readonly chain: unknown;
  /** Of ISO 15118-2 only: the EMAID beside the certificate. */
  readonly emaid: unknown;
  /** Element of the encrypted private key, and the form that its name promises. */
  readonly keyElement: string;
  readonly form: EnvelopeForm;
  readonly encryptedPrivateKey: unknown;
  readonly dhElement: string;
  readonly dhPublicKey: unknown;
  /** Curve of the key agreement. */
  readonly curve: EnvelopeCurve;
  /** As the message names that curve, where it does. */
  readonly curveName: string | undefined;
}

const always = (): boolean => true;
/** Signed in Plug & Charge only, which shows by the Id. */
const withId = (body: unknown): boolean => fieldOf(body, 'Id') !== undefined;

const unlessHollow = (body: unknown): boolean => !isHollow(body);

/** A response that refuses, or is not ready, fills what is mandatory with anything and signs none of it. */
export function isHollow(body: unknown): boolean {
  const code = fieldOf(body, 'ResponseCode');
  const processing = fieldOf(body, 'EVSEProcessing');
  const ready = processing === undefined || processing === 'Finished';
  return code !== undefined && !(ready && String(code).startsWith('OK'));
}

const iso2Messages: EditionMessages = {
  edition: 'ISO15118-2',
  title: 'ISO 15118-2',
  sessionIdSizes: { smallest: 1, largest: 8 },
  decode: (exi) => decode(iso15118_2, exi, { allowTrailing: true }),
  messageIn(root, value) {
    if (root !== 'V2G_Message') return undefined;
    const [[name, body] = ['', undefined]] = Object.entries(Object(fieldOf(value, 'Body')));
    return { name, header: fieldOf(value, 'Header'), body };
  },
  // ISO 15118-2 §7.9.2.4
  signing: new Map([
    ['CertificateInstallationReq', { signer: ['OEMProvisioningCert'], needed: always }],
    ['CertificateInstallationRes', { signer: ['SAProvisioningCertificateChain'], needed: unlessHollow }],
    ['CertificateUpdateReq', { signer: ['ContractSignatureCertChain'], needed: always }],
    ['CertificateUpdateRes', { signer: ['SAProvisioningCertificateChain'], needed: unlessHollow }],
    ['AuthorizationReq', { needed: withId }],
    ['MeteringReceiptReq', { needed: withId }],
  ]),
  contractDataIn(element, value) {
    if (element !== 'CertificateInstallationRes' && element !== 'CertificateUpdateRes') return undefined;
    return {
      chain: fieldOf(value, 'ContractSignatureCertChain'),
      emaid: fieldOf(value, 'eMAID', 'value'),
      keyElement: 'ContractSignatureEncryptedPrivateKey',
      form: 'AES-CBC',
      encryptedPrivateKey: fieldOf(value, 'ContractSignatureEncryptedPrivateKey', 'value'),
      dhElement: 'DHpublickey',
      dhPublicKey: fieldOf(value, 'DHpublickey', 'value'),
      curve: 'secp256r1',
      curveName: undefined,
    };
  },
};

const iso20Forms = [
  { keyElement: 'SECP521_EncryptedPrivateKey', form: 'SECP521' },
  { keyElement: 'X448_EncryptedPrivateKey', form: 'X448' },
  { keyElement: 'TPM_EncryptedPrivateKey', form: 'TPM' },
] as const;

const iso20Messages: EditionMessages = {
  edition: 'ISO15118-20',
  title: 'ISO 15118-20',
  sessionIdSizes: { smallest: 8, largest: 8 },
  decode: (exi) => decode(iso15118_20Common, exi, { allowTrailing: true }),
  messageIn(root, value) {
    const header = fieldOf(value, 'Header');
    return header === undefined ? undefined : { name: root, header, body: value };
  },
  // ISO 15118-20 §7.9.2.3
  signing: new Map([
    ['CertificateInstallationReq', { signer: ['OEMProvisioningCertificateChain'], needed: always }],
    ['CertificateInstallationRes', { signer: ['CPSCertificateChain'], needed: unlessHollow }],
    [
      'AuthorizationReq',
      {
        signer: ['PnC_AReqAuthorizationMode', 'ContractCertificateChain'],
        needed: (body) => fieldOf(body, 'PnC_AReqAuthorizationMode') !== undefined,
      },
    ],
    ['MeteringConfirmationReq', { needed: always }],
  ]),
  contractDataIn(element, value) {
    const data = element === 'SignedInstallationData' ? value : fieldOf(value, 'SignedInstallationData');
    const sent = iso20Forms.find(({ keyElement }) => fieldOf(data, keyElement) !== undefined);
    if (sent === undefined) return undefined;
    const curveName = String(fieldOf(data, 'ECDHCurve'));
    return {
      chain: fieldOf(data, 'ContractCertificateChain'),
      emaid: undefined,
      ...sent,
      encryptedPrivateKey: fieldOf(data, sent.keyElement),
      dhElement: 'DHPublicKey',
      dhPublicKey: fieldOf(data, 'DHPublicKey'),
      curve: curveName === 'X448' ? 'x448' : 'secp521r1',
      curveName,
    };
  },
};

/** `undefined` for schemas that are of no edition. */
export function messagesOf(schema: ExiSchemaName): EditionMessages | undefined {
  if (schema === 'iso15118-2') return iso2Messages;
  return schema === 'iso15118-20-common' ? iso20Messages : undefined;
}

export function titleOf(edition: Edition): string {
  return edition === iso2Messages.edition ? iso2Messages.title : iso20Messages.title;
}
