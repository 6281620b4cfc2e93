/** CRLReason of RFC 5280 §5.3.1, with the numbers it has in revocation lists and OCSP answers. 7 is not used. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

const byNumber: ReadonlyMap<number, RevocationReason> = new Map(
  Object.entries(revocationReasons).map(([name, number]) => [number, name as RevocationReason]),
);

/** `undefined` for a number that RFC 5280 does not know. */
export function revocationReasonOf(number: number): RevocationReason | undefined {
  return byNumber.get(number);
}

/** That a certificate is revoked, since when (epoch milliseconds), and why if its issuer says so. */
export interface Revoked {
  readonly revokedAt: number;
  readonly reason?: RevocationReason;
}
