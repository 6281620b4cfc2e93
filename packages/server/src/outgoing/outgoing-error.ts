export type OutgoingErrorKind =
  | 'bad-url'
  | 'address-refused'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  | 'too-many-redirects';

/** Why a request to somebody else's server brought nothing. The message names no address: callers may pass it on. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly kind: OutgoingErrorKind;

  constructor(kind: OutgoingErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
