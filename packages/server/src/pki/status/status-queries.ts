/** The tables `ocsp_responder` and `crl`, and what of `issued_certificate` tells the status of certificates. */
import type { Db, Tx } from '../../store/store.ts';
import type { CrlTable, IssuedCertificateTable, OcspResponderTable } from '../../store/tables.ts';

export type SerialStatusRow = Pick<
  IssuedCertificateTable,
  'authority_name' | 'serial_hex' | 'revoked_at' | 'revocation_reason'
>;
export type RevokedRow = Pick<IssuedCertificateTable, 'serial_hex' | 'revoked_at' | 'revocation_reason' | 'not_after'>;

/** The rows of these serial numbers under these authorities; by the index of the unique constraint on both. */
export async function selectSerials(
  db: Db,
  authorityNames: readonly string[],
  serials: readonly string[],
): Promise<SerialStatusRow[]> {
  if (authorityNames.length === 0 || serials.length === 0) return [];
  return await db
    .selectFrom('issued_certificate')
    .select(['authority_name', 'serial_hex', 'revoked_at', 'revocation_reason'])
    .where('authority_name', 'in', authorityNames)
    .where('serial_hex', 'in', serials)
    .execute();
}

/** How many certificates of an authority were ever revoked. Revocation is for good, so the number only grows. */
export async function countRevoked(db: Db, authorityName: string): Promise<number> {
  const { total } = await db
    .selectFrom('issued_certificate')
    .select((select) => select.fn.countAll<number>().as('total'))
    .where('authority_name', '=', authorityName)
    .where('revoked_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return total;
}

/** All of an authority's, also those that have expired; in the order of revocation. */
export async function selectRevoked(db: Db, authorityName: string): Promise<RevokedRow[]> {
  return await db
    .selectFrom('issued_certificate')
    .select(['serial_hex', 'revoked_at', 'revocation_reason', 'not_after'])
    .where('authority_name', '=', authorityName)
    .where('revoked_at', 'is not', null)
    .orderBy('revoked_at')
    .orderBy('serial_hex')
    .execute();
}

/** Without the list itself, which is large. */
export async function selectCrlState(db: Db, authorityName: string): Promise<Omit<CrlTable, 'crl'> | undefined> {
  return await db
    .selectFrom('crl')
    .select(['authority_name', 'number', 'this_update', 'next_update', 'revocations'])
    .where('authority_name', '=', authorityName)
    .executeTakeFirst();
}

/** Of each authority that has a list: when the last one was made. */
export async function selectCrlTimes(db: Db): Promise<Pick<CrlTable, 'authority_name' | 'this_update'>[]> {
  return await db.selectFrom('crl').select(['authority_name', 'this_update']).orderBy('authority_name').execute();
}

export async function selectCrl(db: Db, authorityName: string, number: number): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('crl')
    .select('crl')
    .where('authority_name', '=', authorityName)
    .where('number', '=', number)
    .executeTakeFirst();
  return row?.crl;
}

/**
 * Stores a list in the place of the one whose number is one less. False when that is not the last one any more: then
 * another process has used the number for a list of its own.
 */
export async function replaceCrl(tx: Tx, row: CrlTable): Promise<boolean> {
  const { authority_name, ...content } = row;
  if (row.number === 1) {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('crl')
      .values(row)
      .onConflict((conflict) => conflict.column('authority_name').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }
  const { numUpdatedRows } = await tx
    .updateTable('crl')
    .set(content)
    .where('authority_name', '=', authority_name)
    .where('number', '=', row.number - 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function selectLatestResponder(db: Db, authorityName: string): Promise<OcspResponderTable | undefined> {
  return await db
    .selectFrom('ocsp_responder')
    .select(['authority_name', 'generation', 'certificate', 'private_key_id', 'created_at'])
    .where('authority_name', '=', authorityName)
    .orderBy('generation', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** @throws the database's unique violation when another process made the responder of that generation */
export async function insertResponder(tx: Tx, row: OcspResponderTable): Promise<void> {
  await tx.insertInto('ocsp_responder').values(row).execute();
}
