export type SignatureErrorKind = 'wrong-curve' | 'signature-size';

/** A message that cannot be signed as asked. What is wrong with a signature that came in is told by the verdict. */
export class SignatureError extends Error {
  override readonly name = 'SignatureError';
  readonly kind: SignatureErrorKind;

  constructor(kind: SignatureErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
