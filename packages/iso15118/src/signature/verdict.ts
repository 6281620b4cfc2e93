export type SignatureProblemCode =
  | 'no-message'
  | 'no-signature'
  | 'wrong-curve'
  | 'wrong-canonicalization'
  | 'wrong-signature-method'
  | 'signature-size'
  | 'signature-mismatch'
  | 'combined-grammar'
  | 'too-many-references'
  | 'bad-uri'
  | 'wrong-transform'
  | 'wrong-digest-method'
  | 'dangling-reference'
  | 'duplicate-reference'
  | 'duplicate-id'
  | 'digest-mismatch'
  | 'element-not-signed';

export interface SignatureProblem {
  readonly code: SignatureProblemCode;
  readonly text: string;
}

export interface ReferenceVerdict {
  /** As it stands in the message; empty when it has none. */
  readonly uri: string;
  /** Local name of the element it points at; `undefined` when there is none. */
  readonly element: string | undefined;
  readonly valid: boolean;
  /** How the digested fragment was encoded: `single-type` is the encoding of codecs that do not know EXI §8.5.3. */
  readonly encoding: 'exi' | 'single-type';
}

export interface SignatureVerdict {
  /** The signature verifies, every reference holds, and every element that must be signed is. */
  readonly valid: boolean;
  /** The grammar of SignedInfo in which the signature verifies; `null` when it does in none. */
  readonly signedInfoGrammar: 'xmldsig' | 'combined' | null;
  readonly references: readonly ReferenceVerdict[];
  /** Empty exactly when the verdict is valid. */
  readonly problems: readonly SignatureProblem[];
}
