import type { Selectable } from 'kysely';
import type { Db, Tx } from '../store/store.ts';
import type { WebhookEndpointTable } from '../store/tables.ts';
import type { EventType } from './event.ts';
import type { WebhookDialect, WebhookEndpoint } from './webhook-endpoint.ts';

const columns = [
  'id',
  'dialect',
  'owner',
  'url',
  'enabled_events',
  'wmis',
  'provider_ids',
  'pcids',
  'emaids',
  'description',
  'metadata',
  'api_version',
  'enabled',
  'created_at',
] as const;

export interface EndpointKey {
  readonly dialect?: WebhookDialect;
  /** Undefined for the endpoints of everybody. */
  readonly owner?: string | undefined;
}

/** In the order of their making. */
export async function selectEndpoints(db: Db, { dialect, owner }: EndpointKey = {}): Promise<WebhookEndpoint[]> {
  let query = db.selectFrom('webhook_endpoint').select(columns).orderBy('created_at').orderBy('id');
  if (dialect !== undefined) query = query.where('dialect', '=', dialect);
  if (owner !== undefined) query = query.where('owner', '=', owner);
  return (await query.execute()).map(fromRow);
}

export async function selectEnabledEndpoints(db: Db): Promise<WebhookEndpoint[]> {
  const rows = await db.selectFrom('webhook_endpoint').select(columns).where('enabled', '=', 1).execute();
  return rows.map(fromRow);
}

export async function selectEndpoint(db: Db, id: string): Promise<WebhookEndpoint | undefined> {
  const row = await db.selectFrom('webhook_endpoint').select(columns).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

/** The sealed secrets that sign at that time: the current one first, then the one before while it is good. */
export async function selectSecrets(db: Db, id: string, now: number): Promise<readonly Uint8Array[]> {
  const row = await db
    .selectFrom('webhook_endpoint')
    .select(['secret', 'previous_secret', 'previous_until'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return [];
  const { secret, previous_secret: previous, previous_until: until } = row;
  return previous !== null && until !== null && now < until ? [secret, previous] : [secret];
}

export async function countEndpoints(db: Db, owner: string | undefined): Promise<number> {
  let query = db.selectFrom('webhook_endpoint').select((select) => select.fn.countAll<number>().as('endpoints'));
  query = owner === undefined ? query.where('owner', 'is', null) : query.where('owner', '=', owner);
  return Number((await query.executeTakeFirstOrThrow()).endpoints);
}

/** @param types what `enabledEvents` means, each once */
export async function insertEndpoint(
  tx: Tx,
  endpoint: WebhookEndpoint,
  types: readonly EventType[],
  secret: Uint8Array,
): Promise<void> {
  await tx
    .insertInto('webhook_endpoint')
    .values({ ...toRow(endpoint), secret })
    .execute();
  await insertTypes(tx, endpoint.id, types);
}

export async function updateEndpoint(tx: Tx, endpoint: WebhookEndpoint, types: readonly EventType[]): Promise<void> {
  const { id, ...row } = toRow(endpoint);
  await tx.updateTable('webhook_endpoint').set(row).where('id', '=', id).execute();
  await tx.deleteFrom('webhook_endpoint_event').where('endpoint_id', '=', id).execute();
  await insertTypes(tx, id, types);
}

/** The secret that was good until now goes on signing until then. */
export async function replaceSecret(tx: Tx, id: string, secret: Uint8Array, previousUntil: number): Promise<void> {
  await tx
    .updateTable('webhook_endpoint')
    .set(({ ref }) => ({ previous_secret: ref('secret'), previous_until: previousUntil, secret }))
    .where('id', '=', id)
    .execute();
}

export async function updateOwner(tx: Tx, id: string, owner: string): Promise<void> {
  await tx.updateTable('webhook_endpoint').set({ owner }).where('id', '=', id).execute();
}

/** Enabled endpoints that were made when nobody was asked who he is. */
export async function countOwnerless(db: Db): Promise<number> {
  const { endpoints } = await db
    .selectFrom('webhook_endpoint')
    .select(({ fn }) => fn.countAll<number>().as('endpoints'))
    .where('owner', 'is', null)
    .where('enabled', '=', 1)
    .executeTakeFirstOrThrow();
  return Number(endpoints);
}

/** With all its deliveries. */
export async function deleteEndpoint(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('webhook_endpoint').where('id', '=', id).execute();
}

async function insertTypes(tx: Tx, endpointId: string, types: readonly EventType[]): Promise<void> {
  const rows = types.map((type) => ({ endpoint_id: endpointId, event_type: type }));
  if (rows.length > 0) await tx.insertInto('webhook_endpoint_event').values(rows).execute();
}

type EndpointRow = Omit<Selectable<WebhookEndpointTable>, 'secret' | 'previous_secret' | 'previous_until'>;

function toRow(endpoint: WebhookEndpoint): EndpointRow {
  const { filter, metadata } = endpoint;
  return {
    id: endpoint.id,
    dialect: endpoint.dialect,
    owner: endpoint.owner ?? null,
    url: endpoint.url,
    enabled_events: JSON.stringify(endpoint.enabledEvents),
    wmis: JSON.stringify(filter.wmis),
    provider_ids: JSON.stringify(filter.providerIds),
    pcids: JSON.stringify(filter.pcids),
    emaids: JSON.stringify(filter.emaids),
    description: endpoint.description ?? null,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
    api_version: endpoint.apiVersion ?? null,
    enabled: endpoint.enabled ? 1 : 0,
    created_at: endpoint.createdAt,
  };
}

function fromRow(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    dialect: row.dialect === 'opnc' ? 'opnc' : 'opcp',
    ...(row.owner !== null && { owner: row.owner }),
    url: row.url,
    enabledEvents: JSON.parse(row.enabled_events),
    filter: {
      wmis: JSON.parse(row.wmis),
      providerIds: JSON.parse(row.provider_ids),
      pcids: JSON.parse(row.pcids),
      emaids: JSON.parse(row.emaids),
    },
    ...(row.description !== null && { description: row.description }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) }),
    ...(row.api_version !== null && { apiVersion: row.api_version }),
    enabled: row.enabled === 1,
    createdAt: row.created_at,
  };
}
