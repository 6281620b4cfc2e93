/** What is wrong with a signature, and what whoever made it can do about it. */
import type {
  ReferenceVerdict,
  SignatureProblem,
  SignatureProblemCode,
  SignatureVerdict,
} from '../signature/verdict.ts';
import type { Problem } from './problem.ts';

const advice: Readonly<Record<SignatureProblemCode, string>> = {
  'no-message': 'send a message with a body',
  'no-signature': 'sign it, the signature belongs into the header',
  'wrong-curve': 'sign with a key of the edition: P-256 for ISO 15118-2, secp521r1 or Ed448 for ISO 15118-20',
  'wrong-canonicalization': 'write the URI of canonical EXI',
  'wrong-signature-method': "sign with the method of the key's curve, and name it so",
  'signature-size': 'write the raw value instead of DER, for ECDSA r and s one after the other in full length',
  'signature-mismatch':
    'compare the EXI of SignedInfo that was signed (signature schema alone, 6-bit codes), and the key',
  'combined-grammar': 'sign SignedInfo in the grammar of the signature schema alone',
  'too-many-references': 'refer to each signed element once',
  'bad-uri': 'write # and the Id of the element',
  'wrong-transform': 'write canonical EXI as the one transform',
  'wrong-digest-method': "digest with the method of the key's curve, and name it so",
  'dangling-reference': 'give the element that Id, or leave the reference out',
  'duplicate-reference': 'refer to each element once',
  'duplicate-id': 'give each element an Id of its own',
  'digest-mismatch': 'the element was changed after signing, or its fragment was encoded in another way',
  'element-not-signed': 'add a reference to it and sign again',
};

export function adviseOn({ code, text }: SignatureProblem): Problem {
  return { code, text: `${text}; ${advice[code]}` };
}

/** What strays from the standard and was accepted all the same. */
export function toleratedIn(
  grammar: SignatureVerdict['signedInfoGrammar'],
  references: readonly ReferenceVerdict[],
): Problem[] {
  const problems = grammar === 'combined' ? [combinedGrammar('was signed')] : [];
  for (const { element, encoding } of references) {
    if (encoding !== 'single-type') continue;
    const text = `the digest of ${element} is over its encoding by a single type; use the element fragment grammar (EXI 1.0 §8.5.3), as others may refuse it`;
    problems.push({ code: 'single-type-encoding', text });
  }
  return problems;
}

export function combinedGrammar(what: 'was signed' | 'is encoded'): Problem {
  const text = `SignedInfo ${what} in the grammar of all schemas together; sign it in that of the signature schema alone, as others may refuse it`;
  return { code: 'combined-grammar', text };
}
