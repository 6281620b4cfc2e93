/**
 * Whether a certificate is one of our own and still good, for rooms that read rows about it anyway: their statement tells it
 * in the same go.
 */
import type { RawBuilder } from 'kysely';
import { sql } from '../store/query-builder.ts';
import { type Revocation, reasonOf } from './revocation.ts';

/** Undefined for a certificate of others. */
export type OwnStatus = Revocation | 'good' | undefined;

/**
 * A column for `ownStatusFrom`.
 * @param fingerprint column with the fingerprint of the certificate, such as `vehicle.fingerprint`
 */
export function ownStatusOf(fingerprint: string): RawBuilder<string | null> {
  return sql<string | null>`(
    select case when revoked_at is null then 'good' else cast(revoked_at as text) || ' ' || revocation_reason end
    from issued_certificate where issued_certificate.fingerprint = ${sql.ref(fingerprint)})`;
}

export function ownStatusFrom(text: string | null): OwnStatus {
  if (text === null) return undefined;
  if (text === 'good') return 'good';
  const [revokedAt, revocation_reason = null] = text.split(' ');
  return { revokedAt: Number(revokedAt), reason: reasonOf({ revocation_reason }) };
}
