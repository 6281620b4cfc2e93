/** What the operator sees of deliveries, and can do again. */
import { audit } from '../../access/audit-log.ts';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { Store } from '../../store/store.ts';
import { selectEndpoint, selectEndpoints, updateOwner } from '../endpoint-queries.ts';
import type { WebhookEndpoint } from '../webhook-endpoint.ts';
import type { Delivery, DeliveryState } from './delivery.ts';
import {
  type DeliveriesToReplay,
  deleteSettledEvents,
  type QueueState,
  replayDeliveries,
  selectDeliveries,
  selectQueueState,
} from './delivery-queries.ts';

export interface DeliveryQuery {
  readonly endpointId?: string;
  readonly eventId?: string;
  readonly state?: DeliveryState;
  /** The latest so many. */
  readonly limit: number;
}

/** How the deliveries stand; counts go up to `MOST_COUNTED`. */
export type QueueHealth = QueueState;

export interface WebhookDeliveries {
  /** Of all parties and both dialects, in the order of their making. */
  endpoints(): Promise<WebhookEndpoint[]>;
  list(query: DeliveryQuery): Promise<Delivery[]>;
  /** Throws `delivery-not-found`. */
  get(id: string): Promise<Delivery>;
  /** Sends a delivery again, with the same event id. One that is pending is left alone. Throws `delivery-not-found`. */
  replay(id: string): Promise<Delivery>;
  /** Sends again whatever failed for an endpoint; how many. */
  replayFailed(endpointId: string): Promise<number>;
  /** Gives an endpoint to a party, whose rights decide from now on what it hears. Throws `endpoint-not-found`. */
  assign(endpointId: string, partyId: string): Promise<WebhookEndpoint>;
  /** Removes events older than this that nobody waits for, with their deliveries; how many. */
  removeOld(before: number): Promise<number>;
  /** What waits, since when, and what was not taken in the last day. */
  health(): Promise<QueueHealth>;
}

export interface WebhookDeliveriesNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** Hears that there is something to deliver. */
  readonly recorded: () => void;
}

const EVENTS_AT_ONCE = 500;
const DAY_MS = 86_400_000;
const MOST_COUNTED = 10_000;

export function webhookDeliveries({ store, clock, recorded }: WebhookDeliveriesNeeds): WebhookDeliveries {
  async function get(id: string): Promise<Delivery> {
    const [delivery] = isId(id) ? await selectDeliveries(store.db, { id, limit: 1 }) : [];
    if (delivery === undefined) throw refuse('delivery-not-found');
    return delivery;
  }
  async function replay(deliveries: DeliveriesToReplay): Promise<number> {
    const objects = await store.transaction(async (tx) => {
      const at = clock.now();
      const replayed = await replayDeliveries(tx, deliveries, at);
      const changes = replayed.map((object) => ({ operation: 'event.replay', object }) as const);
      await audit(tx, at, changes);
      return replayed;
    });
    recorded();
    return objects.length;
  }
  return {
    endpoints: () => selectEndpoints(store.db),
    list: (query) => selectDeliveries(store.db, query),
    get,
    async replay(id) {
      await get(id);
      await replay({ id });
      return await get(id);
    },
    replayFailed: (endpointId) => replay({ endpointId, state: 'failed' }),
    assign: (endpointId, partyId) =>
      store.transaction(async (tx) => {
        const endpoint = isId(endpointId) ? await selectEndpoint(tx, endpointId) : undefined;
        if (endpoint === undefined) throw refuse('endpoint-not-found');
        await updateOwner(tx, endpointId, partyId);
        const change = { before: endpoint.owner, after: partyId };
        await audit(tx, clock.now(), [{ operation: 'webhook.assign', object: endpointId, ...change }]);
        return { ...endpoint, owner: partyId };
      }),
    async removeOld(before) {
      let removed = 0;
      for (let some = EVENTS_AT_ONCE; some === EVENTS_AT_ONCE; removed += some) {
        some = await store.transaction((tx) => deleteSettledEvents(tx, before, EVENTS_AT_ONCE));
      }
      return removed;
    },
    health: () => selectQueueState(store.db, clock.now() - DAY_MS, MOST_COUNTED),
  };
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
