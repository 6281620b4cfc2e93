/** Re-enrolment (RFC 7030 §4.2.2): a certificate for who has one already, with the same key or another. */
import { type Name, namesEqual, readCertificate } from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import type { Db } from '../store/store.ts';
import { parseAuthorityName } from './authority-name.ts';
import { selectIssuedTo } from './issued-certificate-queries.ts';
import type { CaDomain } from './profiles.ts';

/**
 * Without TLS client authentication the old certificate is found by its subject: one that the CAs of the domain, of
 * whatever generation or algorithm, issued for that very name, that has not expired and is not revoked.
 * @throws DomainError `certificate-request-refused`
 */
export async function checkRenewal(db: Db, domain: CaDomain, subject: Name, commonName: string, now: number) {
  const renewable = (await selectIssuedTo(db, commonName)).some(
    ({ authority_name, certificate, not_after, revoked_at }) =>
      parseAuthorityName(authority_name)?.kind === `${domain}-sub2` &&
      revoked_at === null &&
      not_after >= now &&
      namesEqual(readCertificate(certificate).subject, subject),
  );
  if (!renewable) {
    throw refuse(
      'certificate-request-refused',
      'there is no valid certificate with this subject to renew: enrol first',
    );
  }
}
