import { type Certificate, readCertificate } from '@plugpool/iso15118/pki';
import type { Selectable } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { RootCertificateTable } from '../store/tables.ts';
import { ROOT_TYPES, type RootCertificate, type RootType } from './root-certificate.ts';

const columns = ['id', 'fingerprint', 'certificate', 'types', 'ctl_list', 'valid_to', 'added_at'] as const;

export async function selectRoots(db: Db): Promise<RootCertificate[]> {
  const rows = await db.selectFrom('root_certificate').select(columns).orderBy('added_at').orderBy('id').execute();
  return rows.map(fromRow);
}

export async function selectRoot(db: Db, key: { id: string } | { fingerprint: string }) {
  const query = db.selectFrom('root_certificate').select(columns);
  const row = await ('id' in key
    ? query.where('id', '=', key.id)
    : query.where('fingerprint', '=', key.fingerprint)
  ).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** Adds the root, or gives the one that is there the types and trust lists of both. */
export async function upsertRoot(tx: Tx, root: RootCertificate): Promise<RootCertificate> {
  const row = toRow(root);
  await tx
    .insertInto('root_certificate')
    .values(row)
    .onConflict((conflict) => conflict.column('fingerprint').doNothing())
    .execute();
  const stored = await selectRoot(tx, { fingerprint: root.certificate.fingerprint });
  if (stored === undefined) throw new Error('the root that was just added is gone');
  const merged: RootCertificate = {
    ...stored,
    types: inOrder([...stored.types, ...root.types]),
    ctlList: [...new Set([...stored.ctlList, ...root.ctlList])],
  };
  const { types, ctl_list } = toRow(merged);
  await tx.updateTable('root_certificate').set({ types, ctl_list }).where('id', '=', merged.id).execute();
  return merged;
}

/** The root that was there. */
export async function deleteRoot(tx: Tx, id: string): Promise<RootCertificate | undefined> {
  const row = await tx.deleteFrom('root_certificate').where('id', '=', id).returning(columns).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

export function inOrder(types: readonly RootType[]): RootType[] {
  return ROOT_TYPES.filter((type) => types.includes(type));
}

function toRow({ id, certificate, types, ctlList, addedAt }: RootCertificate): Selectable<RootCertificateTable> {
  return {
    id,
    fingerprint: certificate.fingerprint,
    certificate: certificate.der,
    types: JSON.stringify(types),
    ctl_list: JSON.stringify(ctlList),
    valid_to: certificate.notAfter,
    added_at: addedAt,
  };
}

function fromRow(row: Selectable<RootCertificateTable>): RootCertificate {
  return {
    id: row.id,
    certificate: rootRead(row),
    types: JSON.parse(row.types),
    ctlList: JSON.parse(row.ctl_list),
    addedAt: row.added_at,
  };
}

const MOST_ROOTS_KEPT = 1_000;
const rootsRead = new Map<string, Certificate>();

/** The same roots are needed for every chain; each is read once. */
function rootRead({ fingerprint, certificate }: Selectable<RootCertificateTable>): Certificate {
  const known = rootsRead.get(fingerprint);
  if (known !== undefined) return known;
  const read = readCertificate(certificate);
  if (rootsRead.size >= MOST_ROOTS_KEPT) rootsRead.clear();
  rootsRead.set(fingerprint, read);
  return read;
}
