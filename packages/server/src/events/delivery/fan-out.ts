/** Makes a delivery of each new event for each endpoint that hears of it. */
import type { Store } from '../../store/store.ts';
import { selectEnabledEndpoints } from '../endpoint-queries.ts';
import { hasUndispatched, markDispatched, selectUndispatched } from '../event-queries.ts';
import { type HearingRights, hearing } from '../hearing.ts';
import { insertDeliveries } from './delivery-queries.ts';

/** What the parties with these ids may hear of. */
export type RightsOfOwners = (owners: readonly string[]) => Promise<RightsOf>;
/** Undefined is an owner who hears nothing. An endpoint without an owner was made when nobody was asked who he is. */
type RightsOf = (owner: string | undefined) => HearingRights | undefined;

const EVENTS_AT_ONCE = 200;

/** One batch; whether there may be more. */
export async function fanOut(store: Store, rightsOf: RightsOfOwners, now: number): Promise<boolean> {
  if (!(await hasUndispatched(store.db))) return false;
  const owners = (await selectEnabledEndpoints(store.db)).flatMap(({ owner }) => (owner === undefined ? [] : [owner]));
  const rights = await rightsOf([...new Set(owners)]);
  return await store.transaction(async (tx) => {
    const events = await selectUndispatched(store, tx, EVENTS_AT_ONCE);
    if (events.length === 0) return false;
    const listeners = (await selectEnabledEndpoints(tx)).flatMap((endpoint) => {
      const right = rights(endpoint.owner);
      return right === undefined ? [] : [{ endpointId: endpoint.id, hears: hearing(endpoint, right) }];
    });
    const deliveries = events.flatMap((event) => {
      const { id: eventId, sequence, object } = event;
      const heardBy = listeners.filter(({ hears }) => hears(event));
      return heardBy.map(({ endpointId }) => ({ endpointId, eventId, sequence, object }));
    });
    await insertDeliveries(tx, deliveries, now);
    await markDispatched(
      tx,
      events.map(({ sequence }) => sequence),
      now,
    );
    return events.length === EVENTS_AT_ONCE;
  });
}
