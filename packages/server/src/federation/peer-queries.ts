import type { Selectable } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { PeerTable } from '../store/tables.ts';
import { PEER_ROLES, type Peer } from './peer.ts';

/** As it is kept: the secret sealed. */
export type PeerRow = Selectable<PeerTable>;

const columns = [
  'id',
  'base_url',
  'dialect',
  'roles',
  'priority',
  'enabled',
  'client_id',
  'client_secret',
  'token_url',
  'audience',
  'created_at',
] as const;

export async function selectPeers(db: Db): Promise<PeerRow[]> {
  return await db.selectFrom('peer').select(columns).orderBy('priority').orderBy('base_url').execute();
}

export async function selectPeer(db: Db, id: string): Promise<PeerRow | undefined> {
  return await db.selectFrom('peer').select(columns).where('id', '=', id).executeTakeFirst();
}

/** False when there is one with that base URL. */
export async function insertPeer(tx: Tx, row: PeerRow): Promise<boolean> {
  const inserted = await tx
    .insertInto('peer')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  return inserted.length > 0;
}

export async function updatePeer(tx: Tx, { id, ...row }: PeerRow): Promise<void> {
  await tx.updateTable('peer').set(row).where('id', '=', id).execute();
}

export async function deletePeer(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('peer').where('id', '=', id).execute();
}

/** Without credentials, which are sealed. */
export function fromRow(row: PeerRow): Peer {
  const roles: readonly unknown[] = JSON.parse(row.roles);
  return {
    id: row.id,
    baseUrl: row.base_url,
    dialect: row.dialect === 'opcp' ? 'opcp' : 'opnc',
    roles: PEER_ROLES.filter((role) => roles.includes(role)),
    priority: row.priority,
    enabled: row.enabled === 1,
    source: 'register',
    createdAt: row.created_at,
  };
}
