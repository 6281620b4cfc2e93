/** What a car finds out about contract data without opening the envelope. */
import { algorithms, type CurveName } from '../algorithms.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { CertificateError } from '../certificates/certificate-error.ts';
import { commonNameOf } from '../certificates/name.ts';
import { readCertificate } from '../certificates/read.ts';
import { EnvelopeError } from '../envelope/envelope-error.ts';
import { checkEnvelopeShape, type EnvelopeForm, formOf, schemeOf } from '../envelope/scheme.ts';
import { parseEmaid } from '../identifiers/emaid.ts';
import { IdentifierError } from '../identifiers/identifier-error.ts';
import { type EditionMessages, isHollow, type SentContractData } from './edition-messages.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

/** Contract data in words, one line each. */
export interface InspectedContractData {
  readonly contract: string;
  readonly encryptedPrivateKey: string;
  readonly keyAgreement: string;
}

export interface ContractDataFindings {
  /** `null` when there is none in the message. */
  readonly contractData: InspectedContractData | null;
  readonly problems: readonly Problem[];
}

/** @param element local name of the message, or of the element that a fragment is of */
export function inspectContractData(messages: EditionMessages, element: string, value: unknown): ContractDataFindings {
  const none: ContractDataFindings = { contractData: null, problems: [] };
  const sent = isHollow(value) ? undefined : messages.contractDataIn(element, value);
  if (sent === undefined) return none;
  const { encryptedPrivateKey, dhPublicKey } = sent;
  if (!(encryptedPrivateKey instanceof Uint8Array && dhPublicKey instanceof Uint8Array)) return none;
  const contract = certificateIn(sent.chain);
  const agreement = problemOf(() => checkAgreement(sent, dhPublicKey));
  return {
    contractData: {
      contract: contract === undefined ? 'the certificate cannot be read' : contractInWords(contract),
      encryptedPrivateKey: sealedInWords(sent, encryptedPrivateKey),
      keyAgreement: agreementInWords(sent, dhPublicKey, agreement === undefined),
    },
    problems: [
      ...(contract === undefined ? [] : contractProblems(messages, sent, contract)),
      ...formProblems(sent, encryptedPrivateKey),
      ...(agreement === undefined ? [] : [agreement]),
    ],
  };
}

function contractInWords({ subject, publicKey, subjectKeyIdentifier: ski }: Certificate): string {
  const keyIdentifier = ski === undefined ? 'without SKI' : `SKI ${Buffer.from(ski).toString('hex')}`;
  return `${commonNameOf(subject) ?? 'without EMAID'}, key on ${publicKey.curve}, ${keyIdentifier}`;
}

function sealedInWords({ curve, keyElement, form }: SentContractData, { length }: Uint8Array): string {
  const { cipher, ivSize, plaintextSize, tagSize, encryptedSize } = schemeOf(curve);
  const sealed = `${keyElement}, ${length} octets`;
  if (form === 'TPM') return `${sealed}, which the TPM of the vehicle alone can open`;
  if (length !== encryptedSize) return sealed;
  const tag = tagSize === 0 ? '' : ` and tag ${tagSize}`;
  return `${sealed} (IV ${ivSize}, ${cipher.toUpperCase()} ${plaintextSize}${tag})`;
}

function agreementInWords(sent: SentContractData, dhPublicKey: Uint8Array, holds: boolean): string {
  const { curve, curveName, dhElement } = sent;
  const { length } = dhPublicKey;
  const named = curveName === undefined ? '' : `ECDHCurve ${curveName}, `;
  return `${named}${dhElement} of ${length} octets, ${holds ? keyInWords(curve, length) : `no key on ${curve}`}`;
}

/** The standard leaves open how the 56 octets of an X448 key get into a field of 133. */
function keyInWords(curve: SentContractData['curve'], length: number): string {
  const size = schemeOf(curve).dhPublicKeySize;
  if (schemeOf(curve).form !== 'X448') return `a point on ${curve}`;
  if (length === size) return 'an X448 key as it is';
  return length === size + 1 ? 'an X448 key behind a zero octet' : 'an X448 key filled up with zeros';
}

function contractProblems(messages: EditionMessages, sent: SentContractData, contract: Certificate): Problem[] {
  return [...emaidProblems(sent.emaid, contract), ...curveProblems(messages, sent, contract)];
}

function emaidProblems(emaid: unknown, contract: Certificate): Problem[] {
  const commonName = commonNameOf(contract.subject) ?? '';
  if (typeof emaid !== 'string' || identityOf(emaid) === identityOf(commonName)) return [];
  const text = `eMAID is ${emaid} and the contract certificate is for ${commonName}; sign data that belongs together`;
  return [{ code: 'emaid-mismatch', text }];
}

/** On which curve the key is that an envelope of this form holds; a TPM may hold any. */
const contractCurves: Readonly<Record<EnvelopeForm, CurveName | undefined>> = {
  'AES-CBC': 'secp256r1',
  SECP521: 'secp521r1',
  X448: 'ed448',
  TPM: undefined,
};

/** A curve of another edition is told with the chain. */
function curveProblems({ edition }: EditionMessages, sent: SentContractData, contract: Certificate): Problem[] {
  const { curve } = contract.publicKey;
  const expected = contractCurves[sent.form];
  if (expected === undefined || expected === curve || algorithms[curve].edition !== edition) return [];
  const text = `${sent.keyElement} holds a key on ${expected} and the contract certificate has one on ${curve}; seal the key of that certificate`;
  return [{ code: 'contract-curve-mismatch', text }];
}

function formProblems(sent: SentContractData, encryptedPrivateKey: Uint8Array): Problem[] {
  const { keyElement, form, curve, curveName } = sent;
  const scheme = schemeOf(curve);
  if (form !== 'TPM' && form !== scheme.form) {
    const text = `ECDHCurve is ${curveName} and the key is in ${keyElement}; name the curve of the vehicle's key and seal for it`;
    return [{ code: 'ecdh-curve-mismatch', text }];
  }
  const problem = problemOf(() => {
    const { form: bySize } = formOf(curve, encryptedPrivateKey);
    if (bySize !== form) throw wrongForm(keyElement, bySize, encryptedPrivateKey.length);
  });
  return problem === undefined ? [] : [problem];
}

function wrongForm(keyElement: string, form: EnvelopeForm, length: number): EnvelopeError {
  const text = `${keyElement} has the ${length} octets of an envelope of form ${form}`;
  return new EnvelopeError('wrong-length', 'encryptedPrivateKey', text);
}

/** The DH public key alone: the encrypted private key is judged by its form. */
function checkAgreement({ curve }: SentContractData, dhPublicKey: Uint8Array): void {
  checkEnvelopeShape(curve, new Uint8Array(schemeOf(curve).encryptedSize), dhPublicKey);
}

function problemOf(check: () => void): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return { code: error.kind, text: `${error.message}; seal the contract key again` };
  }
}

function identityOf(text: string): string {
  try {
    return parseEmaid(text);
  } catch (error) {
    if (error instanceof IdentifierError) return text;
    throw error;
  }
}

/** A certificate that cannot be read is told of with its chain. */
function certificateIn(chain: unknown): Certificate | undefined {
  const der = fieldOf(chain, 'Certificate');
  if (!(der instanceof Uint8Array)) return undefined;
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
