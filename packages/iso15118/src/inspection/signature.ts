/** The verdict on the signature of a message, and who made it. */
import type { KeyObject } from 'node:crypto';
import { algorithms, type Edition } from '../algorithms.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { CertificateError } from '../certificates/certificate-error.ts';
import { generateKeyPair } from '../certificates/keys.ts';
import { readCertificate } from '../certificates/read.ts';
import type { ReferenceVerdict, SignatureVerdict } from '../signature/verdict.ts';
import { verifyMessageSignature } from '../signature/verify.ts';
import type { EditionMessages, Message, Signing } from './edition-messages.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';
import { adviseOn, combinedGrammar, toleratedIn } from './signature-advice.ts';
import { unsignedElements } from './unsigned-elements.ts';

export interface InspectedSignature {
  /** `null` when nobody can tell: the signer's certificate is not there. */
  readonly valid: boolean | null;
  readonly signedInfoGrammar: SignatureVerdict['signedInfoGrammar'];
  readonly signer: Certificate | null;
  /** Element that carries the signer's certificate; `undefined` when it was given by hand, or is not known. */
  readonly signerElement: string | undefined;
  readonly references: readonly ReferenceVerdict[];
}

export interface SignatureFindings {
  /** `null` when the message has none. */
  readonly signature: InspectedSignature | null;
  readonly problems: readonly Problem[];
}

interface FoundSigner {
  readonly certificate: Certificate;
  readonly element: string | undefined;
}

type Verify = (key: Certificate | KeyObject) => SignatureVerdict;

/**
 * @param given the signer's certificate, for messages that do not carry it
 */
export function inspectSignature(
  messages: EditionMessages,
  message: Message,
  exi: Uint8Array,
  given: Certificate | undefined,
): SignatureFindings {
  const { name, header, body } = message;
  const signing = messages.signing.get(name);
  const needed = signing?.needed(body) ?? false;
  const method = fieldOf(header, 'Signature', 'SignedInfo', 'SignatureMethod', 'Algorithm');
  if (fieldOf(header, 'Signature') === undefined) {
    const missing: Problem[] = [adviseOn({ code: 'no-signature', text: `the ${name} is not signed` })];
    return { signature: null, problems: needed ? missing : unsignedElements(message, []) };
  }
  const document = messages.decode(exi);
  const verify: Verify = (key) => verifyMessageSignature(document, key, needed ? {} : { required: [] });
  const anyKey = anyKeyOf(messages.edition, method);
  const signer = given === undefined ? signerIn(signing, body) : { certificate: given, element: undefined };
  const found = signer === undefined ? withoutSigner(verify, anyKey, name) : withSigner(verify, anyKey, signer);
  return { ...found, problems: [...found.problems, ...unsignedElements(message, found.signature.references)] };
}

interface Found extends SignatureFindings {
  readonly signature: InspectedSignature;
}

function withSigner(verify: Verify, anyKey: KeyObject, { certificate: signer, element }: FoundSigner): Found {
  const { valid, signedInfoGrammar, references, problems } = verify(signer);
  const signature = { valid, signedInfoGrammar, signer, signerElement: element };
  if (problems.some(({ code }) => code === 'wrong-curve')) {
    const { references, known } = digestsOnly(verify, anyKey);
    return { signature: { ...signature, references }, problems: [...problems.map(adviseOn), ...known] };
  }
  return {
    signature: { ...signature, references },
    problems: [...problems.map(adviseOn), ...toleratedIn(signedInfoGrammar, references)],
  };
}

function withoutSigner(verify: Verify, anyKey: KeyObject, name: string): Found {
  const { references, known } = digestsOnly(verify, anyKey);
  const text = `the ${name} does not carry the certificate that it was signed with; give it with --signer FILE`;
  return {
    signature: {
      valid: known.length > 0 ? false : null,
      signedInfoGrammar: null,
      signer: null,
      signerElement: undefined,
      references,
    },
    problems: [...known, { code: 'signer-unknown', text }],
  };
}

/** Digests need no key. Against any other key all else is as it is, and only the signature value stays open. */
function digestsOnly(verify: Verify, anyKey: KeyObject) {
  const { references, problems } = verify(anyKey);
  return { references, known: problems.filter(({ code }) => code !== 'signature-mismatch').map(adviseOn) };
}

/** A public key that the named signature method could be used with. */
function anyKeyOf(edition: Edition, method: unknown): KeyObject {
  const possible = Object.values(algorithms).filter((algorithm) => algorithm.edition === edition);
  const named = possible.find(({ signatureUris }) => signatureUris.some((uri) => uri === method));
  return generateKeyPair((named ?? possible[0] ?? algorithms.secp256r1).curve).publicKey;
}

/** The certificate whose key signs a message, where the message carries it. */
function signerIn(signing: Signing | undefined, body: unknown): FoundSigner | undefined {
  const path = signing?.signer ?? [];
  const element = path.at(-1);
  if (element === undefined) return undefined;
  const sent = fieldOf(body, ...path);
  const der = sent instanceof Uint8Array ? sent : fieldOf(sent, 'Certificate');
  if (!(der instanceof Uint8Array)) return undefined;
  try {
    return { certificate: readCertificate(der), element };
  } catch (error) {
    // What is wrong with it is told with its chain.
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}

/** A fragment of SignedInfo is what a signature goes over, if it is in the grammar of the signature schema alone. */
export function signedInfoProblems(schema: string, root: string): Problem[] {
  return root === 'SignedInfo' && schema !== 'xmldsig' ? [combinedGrammar('is encoded')] : [];
}
