export type DerErrorKind =
  | 'truncated'
  | 'trailing-octets'
  | 'too-large'
  | 'too-deep'
  | 'unsupported-tag'
  | 'unexpected-tag'
  | 'indefinite-length'
  | 'non-minimal-length'
  | 'bad-boolean'
  | 'bad-integer'
  | 'bad-oid'
  | 'bad-bit-string'
  | 'bad-string'
  | 'bad-time';

/** Octets that are not the DER they should be. `offset` counts from the first octet of the whole input. */
export class DerError extends Error {
  override readonly name = 'DerError';
  readonly kind: DerErrorKind;
  readonly offset: number;

  constructor(kind: DerErrorKind, offset: number, what: string) {
    super(`DER at octet ${offset}: ${what}`);
    this.kind = kind;
    this.offset = offset;
  }
}
