import { DerError } from '../der/der-error.ts';

export type CertificateErrorKind =
  | 'malformed'
  | 'unsupported-version'
  | 'unsupported-key'
  | 'point-not-on-curve'
  | 'algorithm-mismatch'
  | 'duplicate-extension'
  | 'bad-request-signature';

/** A certificate, request or bundle of certificates that cannot be used; `offset` is where in the DER, if known. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly kind: CertificateErrorKind;
  readonly offset: number | undefined;

  constructor(kind: CertificateErrorKind, message: string, offset?: number, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.offset = offset;
  }
}

/** Runs a reader so that every failure is a `CertificateError`. */
export function readingDer<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof DerError) {
      throw new CertificateError('malformed', cause.message, cause.offset, { cause });
    }
    throw cause;
  }
}
