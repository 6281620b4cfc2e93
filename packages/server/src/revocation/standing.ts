import type { Revoked } from '@plugpool/iso15118/pki';

/** How a certificate stands with those who can revoke it. */
export type Standing =
  | { readonly standing: 'good' }
  | ({ readonly standing: 'revoked' } & Revoked)
  /** `why` continues the name of the certificate's field in a sentence for the caller. */
  | { readonly standing: 'unknown'; readonly why: string }
  /** The certificate names nobody who could be asked. */
  | { readonly standing: 'nobody-to-ask' };

/** The sentence behind the name of the field. */
export function revokedText({ revokedAt, reason = 'unspecified' }: Revoked): string {
  return `is revoked since ${new Date(revokedAt).toISOString()} (${reason})`;
}
