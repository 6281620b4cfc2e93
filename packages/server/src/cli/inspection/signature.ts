/** The verdict on the signature of a message, and who made it. */
import { generateKeyPairSync } from 'node:crypto';
import type { Iso15118_2Document } from '@plugpool/exi';
import {
  type Certificate,
  CertificateError,
  type ReferenceVerdict,
  readCertificate,
  type SignatureProblemCode,
  type SignatureVerdict,
  verifyMessageSignature,
} from '@plugpool/iso15118';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

export interface InspectedSignature {
  /** `null` when nobody can tell: the signer's certificate is not there, or signatures of the edition are not checked. */
  readonly valid: boolean | null;
  readonly signedInfoGrammar: SignatureVerdict['signedInfoGrammar'];
  readonly signer: Certificate | null;
  readonly references: readonly ReferenceVerdict[];
}

export interface SignatureFindings {
  /** `null` when the message has none. */
  readonly signature: InspectedSignature | null;
  readonly problems: readonly Problem[];
}

/**
 * @param given the signer's certificate, for messages that do not carry it
 */
export function inspectSignature(document: Iso15118_2Document, given: Certificate | undefined): SignatureFindings {
  const message = document.V2G_Message;
  if (message === undefined) return { signature: null, problems: [] };
  const [name = '', body] = Object.entries(message.Body).find(([, value]) => value !== undefined) ?? [];
  if (message.Header.Signature === undefined) {
    return {
      signature: null,
      problems: mustBeSigned(name, body) ? [adviseOn({ code: 'no-signature', text: `the ${name} is not signed` })] : [],
    };
  }
  const signer = given ?? signerIn(document);
  return signer === undefined ? withoutSigner(document, name) : withSigner(document, signer);
}

function withSigner(document: Iso15118_2Document, signer: Certificate): SignatureFindings {
  const { valid, signedInfoGrammar, references, problems } = verifyMessageSignature(document, signer);
  return {
    signature: { valid, signedInfoGrammar, signer, references },
    problems: [...problems.map(adviseOn), ...toleratedIn(signedInfoGrammar, references)],
  };
}

/** Digests need no key. Against any other key all else is as it is, and only the signature value stays open. */
function withoutSigner(document: Iso15118_2Document, name: string): SignatureFindings {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { references, problems } = verifyMessageSignature(document, publicKey);
  const known = problems.filter(({ code }) => code !== 'signature-mismatch');
  const text = `the ${name} does not carry the certificate that it was signed with; give it with --signer FILE`;
  return {
    signature: { valid: known.length > 0 ? false : null, signedInfoGrammar: null, signer: null, references },
    problems: [...known.map(adviseOn), { code: 'signer-unknown', text }],
  };
}

/** The certificate whose key signs a message, where the message carries it (ISO 15118-2 §7.9.2.4). */
function signerIn({ V2G_Message: message }: Iso15118_2Document): Certificate | undefined {
  const body = message?.Body;
  const der =
    body?.CertificateInstallationReq?.OEMProvisioningCert ??
    body?.CertificateUpdateReq?.ContractSignatureCertChain.Certificate ??
    (body?.CertificateInstallationRes ?? body?.CertificateUpdateRes)?.SAProvisioningCertificateChain.Certificate;
  if (der === undefined) return undefined;
  try {
    return readCertificate(der);
  } catch (error) {
    // What is wrong with it is told with its chain.
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}

const signedMessages = new Set(['CertificateInstallationReq', 'CertificateUpdateReq']);
const signedResponses = new Set(['CertificateInstallationRes', 'CertificateUpdateRes']);
/** Signed in Plug & Charge only, which shows by their Id. */
const signedWithId = new Set(['AuthorizationReq', 'MeteringReceiptReq']);

/** A failure is not signed: there is nothing in it. */
function mustBeSigned(name: string, body: unknown): boolean {
  if (signedResponses.has(name)) return String(fieldOf(body, 'ResponseCode')).startsWith('OK');
  return signedMessages.has(name) || (signedWithId.has(name) && fieldOf(body, 'Id') !== undefined);
}

function toleratedIn(
  grammar: SignatureVerdict['signedInfoGrammar'],
  references: readonly ReferenceVerdict[],
): Problem[] {
  const problems: Problem[] = [];
  if (grammar === 'combined') {
    const text =
      'SignedInfo was signed in the grammar of all schemas together; sign it in that of the signature schema alone, as others may refuse it';
    problems.push({ code: 'combined-grammar', text });
  }
  for (const { element, encoding } of references) {
    if (encoding !== 'single-type') continue;
    const text = `the digest of ${element} is over its encoding by a single type; use the element fragment grammar (EXI 1.0 §8.5.3), as others may refuse it`;
    problems.push({ code: 'single-type-encoding', text });
  }
  return problems;
}

/** What whoever made the message can do about it. */
const advice: Readonly<Record<SignatureProblemCode, string>> = {
  'no-message': 'send a V2G_Message with a body',
  'no-signature': 'sign it, the signature belongs into the header',
  'wrong-curve': 'sign with a key of the edition, P-256 for ISO 15118-2',
  'wrong-canonicalization': 'write the URI of canonical EXI',
  'wrong-signature-method': 'sign with ECDSA and SHA-256',
  'signature-size': 'write r and s one after the other with 32 octets each instead of DER',
  'signature-mismatch':
    'compare the EXI of SignedInfo that was signed (signature schema alone, 6-bit codes), and the key',
  'combined-grammar': 'sign SignedInfo in the grammar of the signature schema alone',
  'too-many-references': 'refer to each signed element once',
  'bad-uri': 'write # and the Id of the element',
  'wrong-transform': 'write canonical EXI as the one transform',
  'wrong-digest-method': 'digest with SHA-256',
  'dangling-reference': 'give the element that Id, or leave the reference out',
  'duplicate-reference': 'refer to each element once',
  'duplicate-id': 'give each element an Id of its own',
  'digest-mismatch': 'the element was changed after signing, or its fragment was encoded in another way',
  'element-not-signed': 'add a reference to it and sign again',
};

function adviseOn({ code, text }: { readonly code: SignatureProblemCode; readonly text: string }): Problem {
  return { code, text: `${text}; ${advice[code]}` };
}
