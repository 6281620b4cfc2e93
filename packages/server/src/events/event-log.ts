/** Where rooms write down what happened, in the transaction that makes it happen. */
import { askedTogether, LOOKUPS } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import { timeOrderedId } from '../kernel/time-ordered-id.ts';
import type { Db, Store } from '../store/store.ts';
import type { EventType, NewEvent } from './event.ts';
import type { EventOrigins } from './event-origins.ts';
import { insertEvents, selectEnabledTypes } from './event-queries.ts';

/**
 * What no endpoint has enabled is not written down: nobody could ever hear of it.
 * @param db the transaction of the change that is told of
 * @param enabled of their types, where `enabledTypesSelect` was asked in that transaction already
 */
export type RecordEvents = (db: Db, events: readonly NewEvent[], enabled?: ReadonlySet<string>) => Promise<void>;

/** For those who ask it together with other statements. */
export { enabledTypesSelect } from './event-queries.ts';

/** Whether there would be anything to write down: whether an endpoint has enabled the type. */
export type IsHeard = (type: EventType) => Promise<boolean>;

export function isHeard({ lookups }: Pick<Store, 'lookups'>): IsHeard {
  return askedTogether<EventType, boolean>({
    what: 'event types',
    async answer(types) {
      const enabled = await selectEnabledTypes(lookups, types);
      return types.map((type) => enabled.has(type));
    },
    ...LOOKUPS,
  });
}

/** In one statement; databases take some 30,000 values. */
const MOST_AT_ONCE = 200;

export interface EventLogNeeds {
  readonly store: Pick<Store, 'afterCommit'>;
  readonly clock: Clock;
  /** Hears of events that are committed, so that deliveries need not wait to be looked for. */
  readonly recorded?: () => void;
  /** Hears the id of each event and what it comes from; if that is not told, it is the work at hand. */
  readonly noted?: EventOrigins['note'];
}

export function eventLog({ store, clock, recorded, noted }: EventLogNeeds): RecordEvents {
  return async (db, events, asked) => {
    if (events.length === 0) return;
    const types = events.map(({ type }) => type);
    const enabled = asked ?? (await selectEnabledTypes(db, types));
    const heard = events.filter(({ type }) => enabled.has(type));
    const occurredAt = clock.now();
    for (let from = 0; from < heard.length; from += MOST_AT_ONCE) {
      const batch = heard.slice(from, from + MOST_AT_ONCE);
      const written = batch.map((event) => ({ ...event, id: timeOrderedId(occurredAt), occurredAt }));
      await insertEvents(db, written);
      for (const { id, origin } of written) noted?.(id, origin);
    }
    if (heard.length > 0 && recorded !== undefined) store.afterCommit(db, recorded);
  };
}
