import { IdentifierError } from './identifier-error.ts';

declare const fingerprintBrand: unique symbol;

/** SHA-256 of a certificate's DER: 64 lower-case hexadecimal digits. */
export type Fingerprint = string & { readonly [fingerprintBrand]: true };

/** @throws IdentifierError unless the text is 64 hexadecimal digits (any case in, lower case out) */
export function parseFingerprint(text: string): Fingerprint {
  if (!/^[0-9A-Fa-f]{64}$/.test(text)) {
    throw new IdentifierError('fingerprint', '64 hexadecimal digits');
  }
  return text.toLowerCase() as Fingerprint;
}
