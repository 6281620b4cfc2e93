import { KeyObject, verify } from 'node:crypto';
import {
  encodeFragment,
  type Iso15118_2Document,
  type Iso15118_20CommonDocument,
  type Signature,
  type SignedInfo,
  xmldsig,
} from '@plugpool/exi';
import { type Algorithm, algorithms, canonicalExiUri } from '../algorithms.ts';
import { type Certificate, publicKeyObject } from '../certificates/certificate.ts';
import { ecdsaToDer } from '../certificates/ecdsa-value.ts';
import { publicKeyOf } from '../certificates/signer.ts';
import { iso2MessageSignatures, iso20MessageSignatures, type MessageSignatures } from './message-signatures.ts';
import { type CheckedReferences, checkReferences } from './references.ts';
import type { SignatureProblem, SignatureVerdict } from './verdict.ts';

export interface VerifyOptions {
  /** Local names of the elements that must be signed; without it, those that the standard names for the message. */
  readonly required?: readonly string[];
}

/**
 * Verifies the signature of a message of either edition: digests of the EXI fragments of all referenced elements, and
 * the signature over SignedInfo in the grammar of the signature schema alone.
 *
 * Encodings of codecs that stray from this (SignedInfo in the grammar of all schemas together; eMAID by a single type)
 * are told in the verdict, and accepted but in requests of ISO 15118-2: there whoever answers has no need to trust a
 * car more than the standard does.
 * @param key the certificate or public key of the signer; whether to trust it is another question (`checkChain`)
 * @returns a verdict in any case; a message that is not signed is not valid
 * @throws ExiError when the document does not fit the schema, which one that `decode` gave always does
 */
export function verifyMessageSignature(
  document: Iso15118_2Document | Iso15118_20CommonDocument,
  key: Pick<Certificate, 'publicKey'> | KeyObject,
  options: VerifyOptions = {},
): SignatureVerdict {
  return 'V2G_Message' in document
    ? verifySignature(iso2MessageSignatures, document, key, options)
    : verifySignature(iso20MessageSignatures, document, key, options);
}

function verifySignature<Document>(
  signatures: MessageSignatures<Document>,
  document: Document,
  key: Pick<Certificate, 'publicKey'> | KeyObject,
  { required }: VerifyOptions,
): SignatureVerdict {
  const parts = signatures.parts(document);
  if (parts === undefined) {
    return refused({ code: 'no-message', text: `the document holds no message of ${signatures.edition}` });
  }
  const { signature, message } = parts;
  if (signature === undefined) {
    return refused({ code: 'no-signature', text: `the ${message} is not signed` });
  }
  const { algorithm, keyObject } = algorithmOf(key);
  if (algorithm.edition !== signatures.edition) {
    const text = `a key on ${algorithm.curve} cannot sign messages of ${signatures.edition}`;
    return refused({ code: 'wrong-curve', text });
  }
  const tolerant = signatures.toleratesOtherEncodings(message);
  const needed = required ?? signatures.requiredIn(message);
  const references = checkReferences(signatures, algorithm, { ...parts, signature }, needed, tolerant);
  return verdictOf(checkValue(signatures, algorithm, keyObject, signature, tolerant), references);
}

function algorithmOf(key: Pick<Certificate, 'publicKey'> | KeyObject): { algorithm: Algorithm; keyObject: KeyObject } {
  return key instanceof KeyObject
    ? { algorithm: algorithms[publicKeyOf(key).curve], keyObject: key }
    : { algorithm: algorithms[key.publicKey.curve], keyObject: publicKeyObject(key) };
}

interface CheckedValue {
  readonly grammar: SignatureVerdict['signedInfoGrammar'];
  readonly problems: readonly SignatureProblem[];
}

function checkValue<Document>(
  signatures: MessageSignatures<Document>,
  algorithm: Algorithm,
  key: KeyObject,
  { SignedInfo, SignatureValue }: Signature,
  tolerant: boolean,
): CheckedValue {
  const problems = methodProblems(algorithm, SignedInfo);
  const { value } = SignatureValue;
  if (value.length !== algorithm.signatureSize) {
    const text = `the signature value has ${value.length} octets, one on ${algorithm.curve} has ${algorithm.signatureSize}`;
    return { grammar: null, problems: [...problems, { code: 'signature-size', text }] };
  }
  const inX509 = algorithm.order === undefined ? value : ecdsaToDer(value);
  const verifies = (signed: Uint8Array) => verify(algorithm.signatureHash, signed, key, inX509);
  if (verifies(encodeFragment(xmldsig, 'SignedInfo', SignedInfo))) {
    return { grammar: 'xmldsig', problems };
  }
  if (!verifies(signatures.combinedSignedInfo(SignedInfo))) {
    const text = 'the signature value does not verify with the key of the signer';
    return { grammar: null, problems: [...problems, { code: 'signature-mismatch', text }] };
  }
  const text = 'SignedInfo was signed in the grammar of all schemas together instead of the signature schema alone';
  return { grammar: 'combined', problems: tolerant ? problems : [...problems, { code: 'combined-grammar', text }] };
}

function methodProblems(
  { signatureUris }: Algorithm,
  { CanonicalizationMethod, SignatureMethod }: SignedInfo,
): SignatureProblem[] {
  const problems: SignatureProblem[] = [];
  if (CanonicalizationMethod.Algorithm !== canonicalExiUri) {
    const text = `the canonicalization method is not ${canonicalExiUri}`;
    problems.push({ code: 'wrong-canonicalization', text });
  }
  const named = signatureUris.some((uri) => uri === SignatureMethod.Algorithm);
  if (!named || SignatureMethod.HMACOutputLength !== undefined) {
    problems.push({ code: 'wrong-signature-method', text: `the signature method is not ${signatureUris[0]}` });
  }
  return problems;
}

function verdictOf(value: CheckedValue, { references, problems: found }: CheckedReferences): SignatureVerdict {
  const problems = [...value.problems, ...found];
  return { valid: problems.length === 0, signedInfoGrammar: value.grammar, references, problems };
}

function refused(problem: SignatureProblem): SignatureVerdict {
  return { valid: false, signedInfoGrammar: null, references: [], problems: [problem] };
}
