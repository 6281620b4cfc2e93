/** Everything that can be said about one byte string. */
import { decode, iso15118_2, type JsonValue } from '@plugpool/exi';
import {
  type Certificate,
  CertificateError,
  checkEnvelopeShape,
  commonNameOf,
  EnvelopeError,
  IdentifierError,
  parseEmaid,
  readCertificate,
} from '@plugpool/iso15118';
import type { ExiSchemaName } from '../exi-schemas.ts';
import type { ExiInput } from './exi-input.ts';
import { fieldOf } from './field.ts';
import { chainsIn, type FoundChain } from './found-chains.ts';
import type { Problem } from './problem.ts';
import { type Kind, type Recognised, recognise } from './recognition.ts';
import { refusalsIn } from './refusal.ts';
import { type InspectedSignature, inspectSignature, type SignatureFindings } from './signature.ts';

export interface Inspection {
  /** When nothing could be decoded: the schema that came furthest. */
  readonly schema: ExiSchemaName;
  readonly kind: Kind;
  /** `undefined` when nothing could be decoded. */
  readonly message: { readonly root: string; readonly value: unknown; readonly json: JsonValue } | undefined;
  readonly signature: InspectedSignature | null;
  readonly chains: readonly FoundChain[];
  readonly problems: readonly Problem[];
}

export interface InspectionCircumstances {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Trust anchors that chains may end at. */
  readonly roots: readonly Certificate[];
  /** Of messages that do not carry the certificate of their signer. */
  readonly signer: Certificate | undefined;
}

export function inspect({ exi, v2gtp }: ExiInput, { at, roots, signer }: InspectionCircumstances): Inspection {
  const recognition = recognise(exi);
  const outside = v2gtpProblems(v2gtp);
  if (!recognition.ok) {
    const { schema, kind, error } = recognition;
    const advice = 'the octets are damaged or cut off, or they are no EXI message of ISO 15118';
    const problem = { code: error.code, text: `as ${kind} of ${schema}: ${error.message}; ${advice}` };
    return { schema, kind, message: undefined, signature: null, chains: [], problems: [...outside, problem] };
  }
  const { message } = recognition;
  const { schema, kind, root, value, json } = message;
  const chains = chainsIn(root, value, at, roots);
  const { signature, problems } = signatureOf(message, exi, signer);
  return {
    schema,
    kind,
    message: { root, value, json },
    signature,
    chains,
    problems: [
      ...outside,
      ...encodingProblems(message),
      ...refusalsIn(value),
      ...problems,
      ...chains.flatMap((chain) => chain.problems),
      ...contractProblems(value),
    ],
  };
}

function encodingProblems({ root, singleType, trailing }: Recognised): Problem[] {
  const problems: Problem[] = [];
  if (trailing !== undefined) problems.push({ code: trailing.code, text: `${trailing.detail}; cut them off` });
  if (singleType) {
    const text = `${root} is encoded by a single type; signatures need the element fragment grammar (EXI 1.0 §8.5.3)`;
    problems.push({ code: 'single-type-encoding', text });
  }
  return problems;
}

function v2gtpProblems(header: ExiInput['v2gtp']): Problem[] {
  if (header === undefined || header.payloadLength === header.octetsBehind) return [];
  const { payloadLength, octetsBehind } = header;
  const text = `the V2GTP header announces ${payloadLength} octets and ${octetsBehind} follow; send as many as announced`;
  return [{ code: 'v2gtp-length', text }];
}

function signatureOf({ schema, kind, root, value }: Recognised, exi: Uint8Array, given: Certificate | undefined) {
  const none: SignatureFindings = { signature: null, problems: [] };
  if (kind === 'fragment') return none;
  if (schema === 'iso15118-2') {
    return root === 'V2G_Message' ? inspectSignature(decode(iso15118_2, exi, { allowTrailing: true }), given) : none;
  }
  if (fieldOf(fieldOf(value, 'Header'), 'Signature') === undefined) return none;
  const text = 'signatures of ISO 15118-20 are not verified by this version; check it elsewhere';
  const signature: InspectedSignature = { valid: null, signedInfoGrammar: null, signer: null, references: [] };
  return { signature, problems: [{ code: 'signature-not-checked', text }] };
}

/** What a car finds out about the contract data of an ISO 15118-2 response without opening the envelope. */
function contractProblems(message: unknown): Problem[] {
  const body = fieldOf(message, 'Body');
  const response = fieldOf(body, 'CertificateInstallationRes') ?? fieldOf(body, 'CertificateUpdateRes');
  const der = fieldOf(fieldOf(response, 'ContractSignatureCertChain'), 'Certificate');
  const emaid = fieldOf(fieldOf(response, 'eMAID'), 'value');
  const encrypted = fieldOf(fieldOf(response, 'ContractSignatureEncryptedPrivateKey'), 'value');
  const dhPublicKey = fieldOf(fieldOf(response, 'DHpublickey'), 'value');
  if (!(der instanceof Uint8Array && encrypted instanceof Uint8Array && dhPublicKey instanceof Uint8Array)) return [];
  if (!String(fieldOf(response, 'ResponseCode')).startsWith('OK')) return [];
  const contract = readOrNothing(der);
  if (contract === undefined) return [];
  return [...emaidProblems(String(emaid), contract), ...envelopeProblems(contract, encrypted, dhPublicKey)];
}

function emaidProblems(emaid: string, contract: Certificate): Problem[] {
  const commonName = commonNameOf(contract.subject) ?? '';
  if (identityOf(emaid) === identityOf(commonName)) return [];
  const text = `eMAID is ${emaid} and the contract certificate is for ${commonName}; sign data that belongs together`;
  return [{ code: 'emaid-mismatch', text }];
}

function envelopeProblems(contract: Certificate, encrypted: Uint8Array, dhPublicKey: Uint8Array): Problem[] {
  try {
    checkEnvelopeShape(contract.publicKey.curve, encrypted, dhPublicKey);
    return [];
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    return [{ code: error.kind, text: `${error.message}; seal the contract key again` }];
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
function readOrNothing(der: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}
