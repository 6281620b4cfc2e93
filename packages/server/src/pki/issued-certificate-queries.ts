/** The table `issued_certificate`: everything an authority of ours signed, and whether it was taken back. */
import type { CompiledQuery } from 'kysely';
import { filledUp } from '../store/filled-up.ts';
import { knownInsert, knownStatement } from '../store/known-statement.ts';
import type { Db, Tx } from '../store/store.ts';
import type { IssuedCertificateTable } from '../store/tables.ts';

export type NewIssuedCertificate = Omit<IssuedCertificateTable, 'revoked_at' | 'revocation_reason'>;
export type StatusRow = Pick<IssuedCertificateTable, 'fingerprint' | 'revoked_at' | 'revocation_reason'>;

const newColumns = [
  'fingerprint',
  'authority_name',
  'serial_hex',
  'common_name',
  'certificate',
  'not_before',
  'not_after',
  'issued_at',
] as const;

/** None for no rows. */
export function issuedCertificateInserts(tx: Tx, rows: readonly NewIssuedCertificate[]): CompiledQuery<unknown>[] {
  if (rows.length === 0) return [];
  const insert = () => tx.insertInto('issued_certificate').values([...rows]);
  return [knownInsert(tx, 'issued_certificate', newColumns, rows, insert)];
}

/** What is revoked already keeps its date and its reason; false then, and for what is not ours. */
export async function markRevoked(tx: Tx, fingerprint: string, reason: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('issued_certificate')
    .set({ revoked_at: at, revocation_reason: reason })
    .where('fingerprint', '=', fingerprint)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function selectStatuses(db: Db, fingerprints: readonly string[]): Promise<StatusRow[]> {
  if (fingerprints.length === 0) return [];
  const asked = filledUp(fingerprints);
  const { rows } = await db.executeQuery(
    knownStatement(db, `statuses ${asked.length}`, asked, () =>
      db
        .selectFrom('issued_certificate')
        .select(['fingerprint', 'revoked_at', 'revocation_reason'])
        .where('fingerprint', 'in', asked),
    ),
  );
  return rows;
}

/** The authority that issued a certificate; undefined for one that is not ours. */
export async function selectAuthorityNameOf(db: Db, fingerprint: string): Promise<string | undefined> {
  const query = db.selectFrom('issued_certificate').select('authority_name').where('fingerprint', '=', fingerprint);
  return (await query.executeTakeFirst())?.authority_name;
}

/** What was issued under a common name, by whichever authority; the newest first, and no more than can matter. */
export async function selectIssuedTo(db: Db, commonName: string) {
  return await db
    .selectFrom('issued_certificate')
    .select(['authority_name', 'certificate', 'not_after', 'revoked_at'])
    .where('common_name', '=', commonName)
    .orderBy('issued_at', 'desc')
    .limit(MOST_OF_ONE_NAME)
    .execute();
}

export type IssuedKey =
  | { readonly fingerprint: string }
  | { readonly commonNames: readonly string[] }
  /** Lower-case hex; numbers are an authority's own. */
  | { readonly serialHex: string; readonly authorityNames: readonly string[] };

/** Whole rows, the latest issued first, and no more than can matter. */
export async function selectIssued(db: Db, key: IssuedKey) {
  let query = db
    .selectFrom('issued_certificate')
    .select(['certificate', 'authority_name', 'issued_at', 'revoked_at', 'revocation_reason'])
    .orderBy('issued_at', 'desc')
    .limit(MOST_OF_ONE_NAME);
  if ('fingerprint' in key) query = query.where('fingerprint', '=', key.fingerprint);
  else if ('commonNames' in key) query = query.where('common_name', 'in', key.commonNames);
  else query = query.where('authority_name', 'in', key.authorityNames).where('serial_hex', '=', key.serialHex);
  return await query.execute();
}

export async function selectFingerprintsNamed(db: Db, commonName: string): Promise<string[]> {
  const rows = await db
    .selectFrom('issued_certificate')
    .select('fingerprint')
    .where('common_name', '=', commonName)
    .orderBy('issued_at', 'desc')
    .limit(MOST_OF_ONE_NAME)
    .execute();
  return rows.map(({ fingerprint }) => fingerprint);
}

const MOST_OF_ONE_NAME = 100;
