export type EnvelopeErrorKind =
  | 'wrong-edition'
  | 'wrong-curve'
  | 'wrong-length'
  | 'point-not-on-curve'
  | 'missing-binding'
  | 'sealed-for-tpm'
  | 'no-shared-secret'
  | 'authentication-failed'
  | 'scalar-out-of-range'
  | 'key-mismatch';

/** The input that an `EnvelopeError` is about. */
export type EnvelopePart =
  | 'edition'
  | 'encryptedPrivateKey'
  | 'dhPublicKey'
  | 'vehicleKey'
  | 'contractKey'
  | 'pcid'
  | 'contractSki';

/** A contract key envelope that cannot be sealed, opened or passed on. Never holds key material. */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly kind: EnvelopeErrorKind;
  readonly part: EnvelopePart;

  constructor(kind: EnvelopeErrorKind, part: EnvelopePart, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.part = part;
  }
}
