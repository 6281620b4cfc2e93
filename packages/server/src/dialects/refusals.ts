/** What callers have to reckon with in the operations that the dialects share, the most likely first. */
import type { DomainErrorKind } from '../kernel/domain-error.ts';

/** Contract data that an eMSP made. */
export const signingRefusals: readonly DomainErrorKind[] = [
  'field-missing',
  'certificate-format',
  'chain-refused',
  'certificate-revoked',
  'contract-expired',
  'emaid-taken',
  'vehicle-not-available',
  'cps-root-unknown',
];

/** Contract data that the ecosystem makes. */
export const generationRefusals: readonly DomainErrorKind[] = [
  'contract-time-form',
  'contract-ends-in-past',
  'vehicle-not-available',
  'emaid-taken',
  'edition-unavailable',
  'mo-root-unknown',
  'cps-root-unknown',
];

/** A vehicle certificate. */
export const publishingRefusals: readonly DomainErrorKind[] = [
  'certificate-format',
  'certificate-refused',
  'chain-refused',
  'certificate-revoked',
  'revocation-unknown',
];
