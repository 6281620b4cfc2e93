/** What became of an object: changes from the audit log and events from the outbox, as one list. */
import type { AuditEntry } from '../access/audit-reading.ts';
import { auditOf } from '../access/audit-reading.ts';
import type { EventsOf, ToldEvent } from '../events/event-reading.ts';
import { eventsOf } from '../events/event-reading.ts';
import { mergeGroups, type Page, type Position, readPlainPage } from '../listing/keyset.ts';
import type { Store } from '../store/store.ts';

export type HistoryEntry = Change | Told;

interface Change {
  readonly kind: 'change';
  readonly change: AuditEntry;
}

/** Recorded when an endpoint had enabled the type; kept for a month. */
interface Told {
  readonly kind: 'event';
  readonly event: ToldEvent;
}

export interface HistoryQuery {
  /** As the audit log names them: what it is about, and what belongs to it, such as fingerprints of its certificates. */
  readonly objects: readonly string[];
  readonly events: EventsOf;
  readonly after?: Position | undefined;
  readonly limit: number;
}

export interface History {
  /** The latest first. */
  page(query: HistoryQuery): Promise<Page<HistoryEntry>>;
}

export function history({ store: { db } }: { readonly store: Pick<Store, 'db'> }): History {
  return {
    page: async ({ objects, events, after, limit }) =>
      await readPlainPage<HistoryEntry>({
        async read(behind, most) {
          const told = await eventsOf(db, events, { after: behind, group: EVENTS, most });
          const groups: HistoryEntry[][] = [told.map((event) => ({ kind: 'event', event }))];
          for (const object of new Set(objects)) {
            const changes = await auditOf(db, object, { after: behind, group: groupOf(object), most });
            groups.push(changes.map((change) => ({ kind: 'change', change })));
          }
          return mergeGroups(groups, positionOf, 'desc', most);
        },
        positionOf,
        after,
        limit,
      }),
  };
}

/** After the changes of the same moment, whichever objects those are of: what is done is told then. */
const EVENTS = 'told';

function groupOf(object: string): string {
  return `done ${object}`;
}

function positionOf(entry: HistoryEntry): Position {
  if (entry.kind === 'event') return { sort: entry.event.occurredAt, group: EVENTS, id: entry.event.id };
  const { at, object, id } = entry.change;
  return { sort: Date.parse(at), group: groupOf(object), id };
}
