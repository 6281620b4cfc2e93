/** The table `authority`: rows are added and never changed. */

import type { Db, Tx } from '../store/store.ts';
import type { AuthorityTable } from '../store/tables.ts';

export type AuthorityRow = AuthorityTable;

export async function selectAuthorities(db: Db): Promise<AuthorityRow[]> {
  return await db
    .selectFrom('authority')
    .select(['name', 'edition', 'issuer_name', 'certificate', 'fingerprint', 'private_key_id', 'created_at'])
    .orderBy('created_at')
    .orderBy('name')
    .execute();
}

export async function selectAuthorityNames(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('authority').select('name').execute();
  return new Set(rows.map(({ name }) => name));
}

/** Grows with every addition and every revocation, and so tells whether what was read before is still all there is. */
export async function countAuthorities(db: Db): Promise<number> {
  const { total } = await db
    .selectFrom('authority')
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return total + (await selectRevokedAuthorities(db)).size;
}

/** Their fingerprints. */
export async function selectRevokedAuthorities(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('authority')
    .innerJoin('issued_certificate', 'issued_certificate.fingerprint', 'authority.fingerprint')
    .select('authority.fingerprint')
    .where('issued_certificate.revoked_at', 'is not', null)
    .execute();
  return new Set(rows.map(({ fingerprint }) => fingerprint));
}

/** @throws the database's unique violation when another process added an authority of that name */
export async function insertAuthority(tx: Tx, row: AuthorityRow): Promise<void> {
  await tx.insertInto('authority').values(row).execute();
}
