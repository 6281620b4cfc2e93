import { CertificateError } from '../certificates/certificate-error.ts';
import { DerError } from '../der/der-error.ts';

export type StatusErrorKind =
  | 'malformed'
  | 'too-large'
  | 'too-many'
  | 'unsupported-version'
  | 'unsupported-algorithm'
  | 'unsupported-scope'
  | 'unknown-critical-extension'
  | 'not-successful'
  | 'certificate-not-answered'
  | 'issuer-mismatch'
  | 'unauthorised-responder'
  | 'bad-signature'
  | 'not-yet-valid'
  | 'stale'
  | 'nonce-mismatch';

/** An OCSP message or revocation list that cannot be read or not be trusted; `offset` is where in the DER, if known. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly kind: StatusErrorKind;
  readonly offset: number | undefined;

  constructor(kind: StatusErrorKind, message: string, offset?: number, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.offset = offset;
  }
}

/** Runs a reader so that every failure is a `StatusError`. */
export function readingStatus<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof DerError) {
      const kind = cause.kind === 'too-large' ? 'too-large' : 'malformed';
      throw new StatusError(kind, cause.message, cause.offset, { cause });
    }
    if (cause instanceof CertificateError) {
      throw new StatusError('malformed', cause.message, cause.offset, { cause });
    }
    throw cause;
  }
}
