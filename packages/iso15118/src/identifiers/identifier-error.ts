export type IdentifierKind =
  | 'emaid'
  | 'pcid'
  | 'evseid'
  | 'seccid'
  | 'provider-id'
  | 'operator-id'
  | 'wmi'
  | 'fingerprint';

/** A text that is not the identifier it should be. `kind` names the identifier; the message never repeats the text. */
export class IdentifierError extends Error {
  override readonly name = 'IdentifierError';
  readonly kind: IdentifierKind;

  constructor(kind: IdentifierKind, expected: string) {
    super(`${kind} must be ${expected}`);
    this.kind = kind;
  }
}
