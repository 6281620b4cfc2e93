import {
  type CertificateChain,
  decode,
  ExiError,
  type Iso15118_2Document,
  iso15118_2,
  type V2gMessage,
} from '@plugpool/exi';
import {
  attributeOf,
  type Certificate,
  CertificateError,
  checkChain,
  commonNameOf,
  IdentifierError,
  parseEmaid,
  readCertificate,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import { VehicleRefusal } from './vehicle-refusal.ts';

/** What a CertificateInstallationRes holds once its signer is trusted and its signature holds. */
export interface VerifiedResponse {
  /** As the message has it. */
  readonly emaid: string;
  readonly contractCertificate: Certificate;
  /** As sent: sub CA 2, then sub CA 1. */
  readonly contractSubCertificates: readonly Certificate[];
  readonly encryptedPrivateKey: Uint8Array;
  readonly dhPublicKey: Uint8Array;
  readonly cpsCertificate: Certificate;
  readonly cpsSubCertificates: readonly Certificate[];
  /** The one of the car's V2G roots that the CPS belongs to. */
  readonly cpsRoot: Certificate;
}

export interface ResponseCircumstances {
  /** The session id that the answer has to carry; `undefined` when any will do. */
  readonly sessionId: Uint8Array | undefined;
  readonly v2gRoots: readonly Certificate[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Checks a response as a car does, in the order in which it can know things: message, session, response code, signer,
 * signature, EMAID.
 * @throws VehicleRefusal
 */
export function verifyInstallationRes(exi: Uint8Array, circumstances: ResponseCircumstances): VerifiedResponse {
  const document = decoded(exi);
  const { Header, Body } = messageIn(document);
  const response = Body.CertificateInstallationRes;
  if (response === undefined) {
    throw new VehicleRefusal('unexpected-message', 'the message is no CertificateInstallationRes');
  }
  checkSession(Header.SessionID, circumstances.sessionId);
  if (!response.ResponseCode.startsWith('OK')) {
    const said = Header.Notification?.FaultMsg;
    const why = said === undefined ? '' : ` (${said})`;
    throw new VehicleRefusal('response-code', `the answer is ${response.ResponseCode}${why}`);
  }
  const cps = chainIn(response.SAProvisioningCertificateChain, 'CPS');
  const cpsRoot = trustedRoot(cps, circumstances);
  checkSignature(document, cps.leaf);
  const contract = chainIn(response.ContractSignatureCertChain, 'contract');
  const emaid = response.eMAID.value;
  checkEmaid(emaid, contract.leaf);
  return {
    emaid,
    contractCertificate: contract.leaf,
    contractSubCertificates: contract.subCertificates,
    encryptedPrivateKey: response.ContractSignatureEncryptedPrivateKey.value,
    dhPublicKey: response.DHpublickey.value,
    cpsCertificate: cps.leaf,
    cpsSubCertificates: cps.subCertificates,
    cpsRoot,
  };
}

function decoded(exi: Uint8Array): Iso15118_2Document {
  try {
    return decode(iso15118_2, exi);
  } catch (cause) {
    if (cause instanceof ExiError) throw new VehicleRefusal('exi-invalid', cause.message, { cause });
    throw cause;
  }
}

function messageIn(document: Iso15118_2Document): V2gMessage {
  const { V2G_Message: message } = document;
  if (message === undefined) throw new VehicleRefusal('unexpected-message', 'the document is no V2G_Message');
  return message;
}

function checkSession(got: Uint8Array, expected: Uint8Array | undefined): void {
  if (expected === undefined || Buffer.compare(got, expected) === 0) return;
  const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
  throw new VehicleRefusal('session-mismatch', `the answer is for session ${hex(got)}, not ${hex(expected)}`);
}

interface ReadChain {
  readonly leaf: Certificate;
  readonly subCertificates: readonly Certificate[];
}

function chainIn({ Certificate: leaf, SubCertificates }: CertificateChain, whose: string): ReadChain {
  try {
    return {
      leaf: readCertificate(leaf),
      subCertificates: (SubCertificates?.Certificate ?? []).map((der) => readCertificate(der)),
    };
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    throw new VehicleRefusal('certificate-malformed', `${whose} chain: ${cause.message}`, { cause });
  }
}

function trustedRoot({ leaf, subCertificates }: ReadChain, { v2gRoots, at }: ResponseCircumstances): Certificate {
  if (attributeOf(leaf.subject, 'DC') !== 'CPS') {
    throw new VehicleRefusal('not-a-cps', 'the certificate of the signer has no DC=CPS');
  }
  const [first, second, ...more] = subCertificates;
  if (first === undefined || more.length > 0) {
    const text = `the CPS certificate comes with ${subCertificates.length} sub CA certificates instead of one or two`;
    throw new VehicleRefusal('cps-chain', text);
  }
  const subCas = second === undefined ? { subCa1: first } : { subCa2: first, subCa1: second };
  const checked = checkChain({ leaf, ...subCas, roots: v2gRoots, at, profile: 'cps' });
  if (!checked.ok) throw new VehicleRefusal('cps-chain', checked.problem.text);
  return checked.root;
}

function checkSignature(document: Iso15118_2Document, cps: Certificate): void {
  const { valid, problems } = verifyMessageSignature(document, cps);
  if (!valid) throw new VehicleRefusal('signature', problems.map(({ text }) => text).join('; '));
}

function checkEmaid(emaid: string, contract: Certificate): void {
  const commonName = commonNameOf(contract.subject) ?? '';
  if (identityOf(emaid) === identityOf(commonName)) return;
  const text = `the message is for ${emaid}, the contract certificate for ${commonName}`;
  throw new VehicleRefusal('emaid-mismatch', text);
}

function identityOf(text: string): string {
  try {
    return parseEmaid(text);
  } catch (error) {
    if (error instanceof IdentifierError) return text;
    throw error;
  }
}
