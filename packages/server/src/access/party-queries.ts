/** The tables of parties, their identifiers, their clients and the secrets of these. */
import type { Db, Tx } from '../store/store.ts';
import {
  type Caller,
  type Identifiers,
  identifierKinds,
  MO_PKIS,
  noIdentifiers,
  type Party,
  type PartyFilter,
  ROLES,
} from './party.ts';

interface PartyRow {
  readonly id: string;
  readonly name: string;
  readonly roles: string;
  readonly pki: string;
  readonly created_at: number;
  readonly disabled_at: number | null;
}

export async function insertParty(tx: Tx, party: Omit<Party, 'clients'>): Promise<void> {
  const { id, name, pki } = party;
  const roles = JSON.stringify(party.roles);
  await tx
    .insertInto('party')
    .values({ id, name, roles, pki, created_at: party.createdAt, disabled_at: null })
    .execute();
  await insertIdentifiers(tx, id, party.identifiers);
}

async function insertIdentifiers(tx: Tx, partyId: string, identifiers: Identifiers): Promise<void> {
  const rows = Object.entries(identifiers).flatMap(([kind, values]) =>
    [...new Set(values)].map((value) => ({ party_id: partyId, kind, value })),
  );
  if (rows.length > 0) await tx.insertInto('party_identifier').values(rows).execute();
}

/** Name, roles, PKI and identifiers become those given. */
export async function updateParty(tx: Tx, { id, name, roles, pki, identifiers }: Party): Promise<void> {
  await tx
    .updateTable('party')
    .set({ name, roles: JSON.stringify(roles), pki })
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('party_identifier').where('party_id', '=', id).execute();
  await insertIdentifiers(tx, id, identifiers);
}

/** In the order in which they were added. */
export async function selectParties(
  db: Db,
  now: number,
  { id, role, after, limit }: Partial<PartyFilter> & { readonly id?: string } = {},
): Promise<Party[]> {
  let query = db.selectFrom('party').selectAll().orderBy('created_at').orderBy('id');
  if (id !== undefined) query = query.where('id', '=', id);
  if (role !== undefined) query = query.where('roles', 'like', `%"${role}"%`);
  if (after !== undefined) {
    query = query.where((where) =>
      where.or([
        where('created_at', '>', after.createdAt),
        where.and([where('created_at', '=', after.createdAt), where('id', '>', after.id)]),
      ]),
    );
  }
  if (limit !== undefined) query = query.limit(limit);
  const rows = await query.execute();
  const ids = rows.map((row) => row.id);
  if (ids.length === 0) return [];
  const identifiers = await db.selectFrom('party_identifier').selectAll().where('party_id', 'in', ids).execute();
  const clients = await db
    .selectFrom('client')
    .selectAll()
    .where('party_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  const secrets = await selectGoodSecrets(db, now);
  return rows.map((row) => ({
    ...partyOf(row),
    identifiers: identifiersOf(identifiers.filter((each) => each.party_id === row.id)),
    createdAt: row.created_at,
    ...(row.disabled_at !== null && { disabledAt: row.disabled_at }),
    clients: clients
      .filter((client) => client.party_id === row.id)
      .map((client) => ({
        id: client.id,
        secrets: secrets.filter((secret) => secret.client_id === client.id).length,
        publicKeys: countKeys(client.jwks),
        createdAt: client.created_at,
        ...(client.disabled_at !== null && { disabledAt: client.disabled_at }),
      })),
  }));
}

async function selectGoodSecrets(db: Db, now: number): Promise<{ client_id: string }[]> {
  return await db
    .selectFrom('client_secret')
    .select('client_id')
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .execute();
}

function countKeys(jwks: string | null): number {
  const { keys }: { keys?: unknown } = jwks === null ? {} : JSON.parse(jwks);
  return Array.isArray(keys) ? keys.length : 0;
}

function partyOf({ id, name, roles, pki }: PartyRow) {
  const names: unknown = JSON.parse(roles);
  return {
    id,
    name,
    roles: Array.isArray(names) ? ROLES.filter((role) => names.includes(role)) : [],
    pki: MO_PKIS.find((each) => each === pki) ?? 'own',
  };
}

function identifiersOf(rows: readonly { readonly kind: string; readonly value: string }[]): Identifiers {
  const of = (kind: string) =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ value }) => value)
      .sort();
  const entries = Object.keys(identifierKinds).map((kind) => [kind, of(kind)] as const);
  return { ...noIdentifiers, ...Object.fromEntries(entries) };
}

export async function insertClient(
  tx: Tx,
  client: { id: string; partyId: string; createdAt: number; jwks?: string | undefined },
): Promise<void> {
  const { id, partyId, createdAt, jwks = null } = client;
  await tx
    .insertInto('client')
    .values({ id, party_id: partyId, created_at: createdAt, disabled_at: null, jwks })
    .execute();
}

export async function insertSecret(tx: Tx, clientId: string, hash: Uint8Array, createdAt: number): Promise<void> {
  await tx
    .insertInto('client_secret')
    .values({ hash, client_id: clientId, created_at: createdAt, expires_at: null })
    .execute();
}

/** No secret of the client outlives that time; what is over goes. */
export async function limitSecrets(tx: Tx, clientId: string, until: number, now: number): Promise<void> {
  await tx
    .updateTable('client_secret')
    .set({ expires_at: until })
    .where('client_id', '=', clientId)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', until)]))
    .execute();
  await tx.deleteFrom('client_secret').where('client_id', '=', clientId).where('expires_at', '<=', now).execute();
}

export async function selectPartyIdOf(db: Db, clientId: string): Promise<string | undefined> {
  return (await db.selectFrom('client').select('party_id').where('id', '=', clientId).executeTakeFirst())?.party_id;
}

/** How the client shows who it is; undefined when there is none with that id. */
export async function selectClientKind(db: Db, id: string): Promise<'signs' | 'has-secret' | undefined> {
  const row = await db.selectFrom('client').select('jwks').where('id', '=', id).executeTakeFirst();
  return row && (row.jwks === null ? 'has-secret' : 'signs');
}

/** Returns false when there is none with that id. */
export async function updateDisabled(
  tx: Tx,
  table: 'party' | 'client',
  id: string,
  disabledAt: number | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable(table)
    .set({ disabled_at: disabledAt })
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface ClientRecord {
  /** JSON of a JWK set. */
  readonly jwks?: string;
  readonly caller: Caller;
  readonly secrets: readonly { readonly hash: Uint8Array; readonly expiresAt: number | null }[];
}

/** A client with its party; undefined when it is unknown, or one of the two is disabled. */
export async function selectClient(db: Db, id: string): Promise<ClientRecord | undefined> {
  const row = await db
    .selectFrom('client')
    .innerJoin('party', 'party.id', 'client.party_id')
    .select(['party.id', 'party.name', 'party.roles', 'party.pki', 'client.jwks'])
    .where('client.id', '=', id)
    .where('client.disabled_at', 'is', null)
    .where('party.disabled_at', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const identifiers = await db.selectFrom('party_identifier').selectAll().where('party_id', '=', row.id).execute();
  const secrets = await db.selectFrom('client_secret').selectAll().where('client_id', '=', id).execute();
  const { id: partyId, ...party } = partyOf({ ...row, created_at: 0, disabled_at: null });
  return {
    ...(row.jwks !== null && { jwks: row.jwks }),
    caller: { ...party, partyId, clientId: id, identifiers: identifiersOf(identifiers) },
    secrets: secrets.map((secret) => ({ hash: Uint8Array.from(secret.hash), expiresAt: secret.expires_at })),
  };
}
