/** The webhook endpoints that parties register, and their secrets. */
import { randomBytes, randomUUID } from 'node:crypto';
import { type AuditedChange, audit } from '../access/audit-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Secrets } from '../keys/key-store.ts';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import type { TargetRules } from '../outgoing/outgoing-http.ts';
import { checkTarget } from '../outgoing/outgoing-http.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import { insertDelivery } from './delivery/delivery-queries.ts';
import {
  countEndpoints,
  deleteEndpoint,
  insertEndpoint,
  replaceSecret,
  selectEndpoint,
  selectEndpoints,
  updateEndpoint,
} from './endpoint-queries.ts';
import { type EventType, eventTypes } from './event.ts';
import { insertTestEvent } from './event-queries.ts';
import {
  type EventFilter,
  eventTypeNamed,
  noFilter,
  type WebhookDialect,
  type WebhookEndpoint,
} from './webhook-endpoint.ts';

/** Who asks, and in which dialect: endpoints of somebody else, and of the other dialect, are not there. */
export interface EndpointCaller {
  readonly dialect: WebhookDialect;
  /** The party; absent where nobody is asked who he is. */
  readonly owner?: string;
}

/** What a request says of an endpoint; what it leaves out stays as it is. */
export interface EndpointChanges {
  readonly url: string;
  readonly enabledEvents?: readonly string[];
  readonly filter?: Partial<EventFilter>;
  readonly description?: string;
  readonly metadata?: object;
  readonly apiVersion?: string;
  readonly enabled?: boolean;
}

export type EndpointWithSecret = WebhookEndpoint & { readonly secret: string };

export interface WebhookEndpoints {
  /** The secret is in this answer and in that of `rotate`, and never again. Throws `field-missing`, `field-invalid`. */
  create(caller: EndpointCaller, wanted: EndpointChanges): Promise<EndpointWithSecret>;
  list(caller: EndpointCaller): Promise<WebhookEndpoint[]>;
  /** Throws `endpoint-not-found`. */
  get(caller: EndpointCaller, id: string): Promise<WebhookEndpoint>;
  /** Throws `endpoint-not-found`, `field-invalid`. */
  change(caller: EndpointCaller, id: string, changes: EndpointChanges): Promise<WebhookEndpoint>;
  /**
   * A new secret, for everything that is sent from now on; the one before signs besides it for `overlapMs`. Throws
   * `endpoint-not-found`.
   */
  rotate(caller: EndpointCaller, id: string, overlapMs: number): Promise<EndpointWithSecret>;
  /** With the deliveries that are waiting for it. Throws `endpoint-not-found`. */
  remove(caller: EndpointCaller, id: string): Promise<void>;
  /** Sends a `webhook.test` event; its id. Throws `endpoint-not-found`, `field-invalid` when it is disabled. */
  test(caller: EndpointCaller, id: string): Promise<string>;
}

export interface WebhookEndpointsNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly targets: TargetRules;
  /** Hears that there is something to deliver. */
  readonly recorded: () => void;
}

const SECRET_OCTETS = 32;
const MOST_ENDPOINTS = 1000;

export function webhookEndpoints(needs: WebhookEndpointsNeeds): WebhookEndpoints {
  const { store, clock, secrets, targets, recorded } = needs;

  async function find(db: Db, { dialect, owner }: EndpointCaller, id: string): Promise<WebhookEndpoint> {
    const endpoint = isId(id) ? await selectEndpoint(db, id) : undefined;
    const isTheirs = endpoint?.dialect === dialect && (owner === undefined || endpoint.owner === owner);
    if (endpoint === undefined || !isTheirs) throw refuse('endpoint-not-found');
    return endpoint;
  }

  /** The key of the HMAC is the text itself, as its receiver has it. */
  function newSecret(id: string): { secret: string; sealed: Uint8Array } {
    const secret = randomBytes(SECRET_OCTETS).toString('base64url');
    return { secret, sealed: secrets.seal(secretName(id), Buffer.from(secret)) };
  }

  const noted = (tx: Tx, change: AuditedChange) => audit(tx, clock.now(), [change]);

  return {
    async create({ dialect, owner }, { filter, ...wanted }) {
      checkUrl(wanted.url, targets);
      const { enabledEvents = [] } = wanted;
      const types = typesOf(enabledEvents);
      const id = randomUUID();
      const endpoint: WebhookEndpoint = {
        enabled: true,
        ...wanted,
        enabledEvents,
        id,
        dialect,
        ...(owner !== undefined && { owner }),
        filter: { ...noFilter, ...filter },
        createdAt: clock.now(),
      };
      const { secret, sealed } = newSecret(id);
      await store.transaction(async (tx) => {
        if ((await countEndpoints(tx, owner)) >= MOST_ENDPOINTS) {
          throw refuse('field-invalid', 'url', `would be endpoint ${MOST_ENDPOINTS + 1}, which is more than are kept`);
        }
        await insertEndpoint(tx, endpoint, types, sealed);
        await noted(tx, { operation: 'webhook.add', object: id, after: contentOf(endpoint) });
      });
      return { ...endpoint, secret };
    },

    list: (caller) => selectEndpoints(store.db, caller),

    get: (caller, id) => find(store.db, caller, id),

    async change(caller, id, { filter, ...changes }) {
      checkUrl(changes.url, targets);
      return await store.transaction(async (tx) => {
        const before = await find(tx, caller, id);
        const endpoint = { ...before, ...changes, filter: { ...before.filter, ...filter } };
        await updateEndpoint(tx, endpoint, typesOf(endpoint.enabledEvents));
        await noted(tx, {
          operation: 'webhook.change',
          object: id,
          before: contentOf(before),
          after: contentOf(endpoint),
        });
        return endpoint;
      });
    },

    async rotate(caller, id, overlapMs) {
      const { secret, sealed } = newSecret(id);
      const endpoint = await store.transaction(async (tx) => {
        const found = await find(tx, caller, id);
        await replaceSecret(tx, id, sealed, clock.now() + overlapMs);
        await noted(tx, { operation: 'webhook.rotate', object: id });
        return found;
      });
      return { ...endpoint, secret };
    },

    remove: (caller, id) =>
      store.transaction(async (tx) => {
        const before = await find(tx, caller, id);
        await deleteEndpoint(tx, id);
        await noted(tx, { operation: 'webhook.remove', object: id, before: contentOf(before) });
      }),

    async test(caller, id) {
      const eventId = randomUUID();
      await store.transaction(async (tx) => {
        const { enabled } = await find(tx, caller, id);
        if (!enabled) throw refuse('field-invalid', 'status', 'is disabled, so nothing is sent');
        const now = clock.now();
        const sequence = await insertTestEvent(tx, eventId, id, now);
        await insertDelivery(tx, { endpointId: id, eventId, sequence, object: id }, now);
      });
      recorded();
      return eventId;
    },
  };
}

/** The name under which an endpoint's secret is sealed. */
export function secretName(endpointId: string): string {
  return `webhook-endpoint:${endpointId}`;
}

/** Where what goes; the log keeps a hash of it. */
function contentOf({ url, enabledEvents, filter, enabled }: WebhookEndpoint): string {
  return JSON.stringify([url, enabledEvents, filter, enabled]);
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function checkUrl(url: string, targets: TargetRules): void {
  const noUrl = 'must be an http or https URL without a password';
  // What a URL parser would leave out or encode, and what a terminal would obey.
  if (/[\s\p{Cc}\p{Cf}]/u.test(url)) throw refuse('field-invalid', 'url', noUrl);
  try {
    checkTarget(url, targets);
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    throw refuse('field-invalid', 'url', error.kind === 'bad-url' ? noUrl : 'is internal, which is not allowed');
  }
}

function typesOf(names: readonly string[]): EventType[] {
  if (names.length === 0) throw refuse('field-invalid', 'enabledEvents', 'must name one event at least');
  const types = names.map((name) => {
    const type = eventTypeNamed(name, eventTypes);
    if (type !== undefined) return type;
    throw refuse('field-invalid', 'enabledEvents', `${JSON.stringify(name.slice(0, 80))} is no event`);
  });
  return [...new Set(types)];
}
