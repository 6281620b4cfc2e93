import type { Party } from '../access/party.ts';
import { partyRegister } from '../access/party-register.ts';
import { DELIVERY_TOPIC, type Delivery, deliveryStates } from '../events/delivery/delivery.ts';
import { type WebhookDeliveries, webhookDeliveries } from '../events/delivery/webhook-deliveries.ts';
import { systemClock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { openStore, type Store } from '../store/store.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage, opening } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, wholeNumber } from './options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool webhook endpoints [--json] [OPTIONS]
       plugpool webhook deliveries [--endpoint ID] [--event ID] [--state STATE] [--limit N] [--json] [OPTIONS]
       plugpool webhook replay DELIVERY_ID… [OPTIONS]
       plugpool webhook replay --endpoint ID [OPTIONS]
       plugpool webhook assign ENDPOINT_ID… --party PARTY_ID [OPTIONS]

The webhook endpoints of all parties, and what became of each delivery. Works on the database itself, while a server
runs or not; what is replayed is sent by a server, with the event id that it had. With --endpoint, replay takes whatever
failed for that endpoint. Endpoints that were made without access control belong to nobody, and hear nothing once there
is; assign gives them to a party, which hears there what its identifiers let it hear.

  --endpoint ID        of this endpoint
  --event ID           of this event
  --state STATE        ${deliveryStates.join(', ')}
  --party ID           of this party, see \`plugpool party list\`
  --limit N            the latest so many, up to 1000 (50)
  --json               one JSON array
${databaseUsage}`;

const options = {
  ...databaseOptions,
  endpoint: { type: 'string' },
  event: { type: 'string' },
  state: { type: 'string' },
  party: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...ids] = positionals;
  const action = oneOf(word, 'the first word', ['endpoints', 'deliveries', 'replay', 'assign']);
  if (action !== 'replay' && action !== 'assign' && ids.length > 0)
    throw new UsageError(`"${ids[0]}" is one word too many`);
  if (action === 'replay' && (ids.length === 0) === (values.endpoint === undefined)) {
    throw new UsageError('name the IDs of deliveries, or --endpoint');
  }
  if (action === 'assign' && (ids.length === 0 || values.party === undefined)) {
    throw new UsageError('name the IDs of endpoints, and --party');
  }
  const location = databaseLocation(values, io.env);
  const store = await opening(location, () => openStore(location));
  try {
    const room = webhookDeliveries({ store, clock: systemClock, recorded: () => undefined });
    switch (action) {
      case 'endpoints':
        return await listEndpoints(room, values.json === true, io);
      case 'deliveries':
        return await listDeliveries(room, values, io);
      case 'assign':
        return await assign(room, ids, await partyIn(store, values.party ?? ''), io);
      case 'replay':
        return values.endpoint === undefined
          ? await announced(store, replay(room, ids, io))
          : await announced(store, replayFailed(room, values.endpoint, io));
    }
  } finally {
    await store.close();
  }
}

async function listEndpoints(room: WebhookDeliveries, asJson: boolean, io: Io): Promise<number> {
  const endpoints = await room.endpoints();
  if (asJson) {
    const shown = endpoints.map(({ createdAt, ...rest }) => ({ ...rest, createdAt: instant(createdAt) }));
    io.stdout.write(`${JSON.stringify(shown)}\n`);
    return 0;
  }
  const columns = ['ID', 'DIALECT', 'STATUS', 'PARTY', 'EVENTS', 'URL'].map((title) => ({ title }));
  const rows = endpoints.map(({ id, dialect, enabled, owner = 'none', enabledEvents, url }) => [
    id,
    dialect,
    enabled ? 'enabled' : 'disabled',
    owner,
    String(enabledEvents.length),
    url,
  ]);
  io.stdout.write(rows.length === 0 ? 'no webhook endpoints\n' : formatTable(columns, rows));
  return 0;
}

async function listDeliveries(room: WebhookDeliveries, values: Values, io: Io): Promise<number> {
  const { endpoint, event, state, limit = '50' } = values;
  const deliveries = await room.list({
    ...(endpoint !== undefined && { endpointId: endpoint }),
    ...(event !== undefined && { eventId: event }),
    ...(state !== undefined && { state: oneOf(state, '--state', deliveryStates) }),
    limit: wholeNumber(limit, 'limit', { min: 1, max: 1000 }),
  });
  if (values.json === true) {
    io.stdout.write(`${JSON.stringify(deliveries.map(inJson))}\n`);
    return 0;
  }
  const columns = ['ID', 'EVENT', 'STATE', 'ATTEMPTS', 'LAST ANSWER', 'URL'].map((title) => ({ title }));
  const rows = deliveries.map(({ id, eventType, state: now, attempts, lastStatus, lastAnswer = '', url }) => [
    id,
    eventType,
    now,
    String(attempts),
    String(lastStatus ?? lastAnswer),
    url,
  ]);
  io.stdout.write(rows.length === 0 ? 'no deliveries\n' : formatTable(columns, rows));
  return 0;
}

/** Servers on the same database need not wait until they look again. */
async function announced(store: Store, work: Promise<number>): Promise<number> {
  const code = await work;
  await store.announce(DELIVERY_TOPIC);
  return code;
}

/** @throws CommandFailure when there is no such party */
async function partyIn(store: Store, id: string): Promise<Party> {
  const party = (await partyRegister({ store, clock: systemClock }).list()).find((each) => each.id === id);
  if (party === undefined) throw new CommandFailure(`there is no party ${id}: see \`plugpool party list\``);
  return party;
}

async function assign(room: WebhookDeliveries, ids: readonly string[], party: Party, io: Io): Promise<number> {
  return await forEach(ids, io, async (id) => {
    const { url } = await room.assign(id, party.id);
    io.stdout.write(`${id}  ${url} belongs to ${party.name}\n`);
  });
}

async function replay(room: WebhookDeliveries, ids: readonly string[], io: Io): Promise<number> {
  return await forEach(ids, io, async (id) => {
    const { eventType, url } = await room.replay(id);
    io.stdout.write(`${id}  ${eventType} is sent again to ${url}\n`);
  });
}

/** 1 when one of them was refused; the others are done all the same. */
async function forEach(ids: readonly string[], io: Io, work: (id: string) => Promise<void>): Promise<number> {
  let failed = false;
  for (const id of ids) {
    try {
      await work(id);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      failed = true;
      io.stderr.write(`plugpool webhook: ${id}: ${error.message}\n`);
    }
  }
  return failed ? 1 : 0;
}

async function replayFailed(room: WebhookDeliveries, endpointId: string, io: Io): Promise<number> {
  const replayed = await room.replayFailed(endpointId);
  io.stdout.write(`${replayed} deliveries are sent again\n`);
  return 0;
}

function inJson({ createdAt, lastAttemptAt, nextAttemptAt, ...rest }: Delivery) {
  return {
    ...rest,
    createdAt: instant(createdAt),
    ...(lastAttemptAt !== undefined && { lastAttemptAt: instant(lastAttemptAt) }),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: instant(nextAttemptAt) }),
  };
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
