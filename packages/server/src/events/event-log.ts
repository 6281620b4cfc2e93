/** Where rooms write down what happened, in the transaction that makes it happen. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Db } from '../store/store.ts';
import type { NewEvent } from './event.ts';
import { insertEvent } from './event-queries.ts';

/**
 * One statement an event. What no endpoint has enabled is not written down: nobody could ever hear of it.
 * @param db the transaction of the change that is told of
 */
export type RecordEvents = (db: Db, events: readonly NewEvent[]) => Promise<void>;

/** `recorded` hears of events that may not be committed yet, so that deliveries need not wait to be looked for. */
export function eventLog({ clock }: { clock: Clock }, recorded: () => void = () => undefined): RecordEvents {
  return async (db, events) => {
    const occurredAt = clock.now();
    for (const event of events) await insertEvent(db, event, { id: randomUUID(), occurredAt });
    if (events.length > 0) recorded();
  };
}
