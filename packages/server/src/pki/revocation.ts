/** Revocation of what this ecosystem issued: marked once, looked up live. */

import { type Certificate, extendedKeyUsages, type Fingerprint, parseFingerprint } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import { askedTogether, LOOKUPS } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { Authority } from './authorities.ts';
import { markRevoked, type StatusRow, selectStatuses } from './issued-certificate-queries.ts';

/** RFC 5280 §5.3.1, the reasons that end a leaf certificate for good, under the names of the field's interfaces. */
export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

export interface Revocation {
  /** Milliseconds since 1970. */
  readonly revokedAt: number;
  readonly reason: RevocationReason;
}

/** `unknown` is a certificate that no authority of ours issued. */
export type CertificateStatus = Revocation | 'good' | 'unknown';

export interface RevocationService {
  /**
   * Revokes a leaf certificate that our CAs issued. Revoked already, it keeps its date and its reason, and nothing is
   * said of that.
   * @throws DomainError `certificate-not-ours`; `certificate-refused` for what the ecosystem itself works with
   */
  revoke(certificate: Certificate, reason: RevocationReason): Promise<void>;
}

export interface RevocationParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly authorities: () => Promise<readonly Authority[]>;
}

/** Revocation as parties ask for it; whether the certificate is the caller's own is decided before this is called. */
export function revocationService({ store, clock, authorities }: RevocationParts): RevocationService {
  return {
    async revoke(certificate, reason) {
      const { fingerprint, extendedKeyUsage } = certificate;
      const [known] = await selectStatuses(store.db, [fingerprint]);
      const isAuthority = (await authorities()).some((authority) => authority.certificate.fingerprint === fingerprint);
      if (isAuthority || (known !== undefined && extendedKeyUsage.includes(extendedKeyUsages.ocspSigning))) {
        throw refuse('certificate-refused', 'certificate', 'belongs to the PKI itself, its operator revokes it');
      }
      const isOurs = await store.transaction((tx) => revoke(tx, fingerprint, reason, clock.now()));
      if (!isOurs) throw refuse('certificate-not-ours');
    },
  };
}

/**
 * Marks a certificate as revoked in the caller's transaction; one that is revoked already keeps its date and reason.
 * Returns false, and does nothing, when it is not one of ours.
 */
export async function revoke(tx: Tx, fingerprint: Fingerprint, reason: RevocationReason, at: number): Promise<boolean> {
  const isNew = await markRevoked(tx, fingerprint, reason, at);
  if (isNew) await audit(tx, at, [{ operation: 'certificate.revoke', object: fingerprint, after: reason }]);
  return isNew || (await selectStatuses(tx, [fingerprint])).length > 0;
}

/** `statusOf` for all who ask at the same time, in one statement. */
export function statusLookup(db: Db): (fingerprints: readonly Fingerprint[]) => ReturnType<typeof statusOf> {
  const ask = askedTogether<readonly Fingerprint[], ReadonlyMap<Fingerprint, CertificateStatus>>({
    what: 'revocation',
    async answer(questions) {
      const statuses = await statusOf(db, questions.flat());
      return questions.map((asked) => new Map(asked.map((each) => [each, statuses.get(each) ?? 'unknown'])));
    },
    ...LOOKUPS,
  });
  return async (fingerprints) => (fingerprints.length === 0 ? new Map() : await ask(fingerprints));
}

/** One entry for each fingerprint asked, as the database says now. */
export async function statusOf(
  db: Db,
  fingerprints: readonly Fingerprint[],
): Promise<ReadonlyMap<Fingerprint, CertificateStatus>> {
  const statuses = new Map<Fingerprint, CertificateStatus>(fingerprints.map((each) => [each, 'unknown']));
  for (const row of await selectStatuses(db, [...statuses.keys()])) {
    statuses.set(parseFingerprint(row.fingerprint), statusOfRow(row));
  }
  return statuses;
}

function statusOfRow(row: StatusRow): CertificateStatus {
  return row.revoked_at === null ? 'good' : { revokedAt: row.revoked_at, reason: reasonOf(row) };
}

/** A reason that a newer version wrote is none that this one can tell. */
export function reasonOf({ revocation_reason }: Pick<StatusRow, 'revocation_reason'>): RevocationReason {
  return revocationReasons.find((each) => each === revocation_reason) ?? 'unspecified';
}
