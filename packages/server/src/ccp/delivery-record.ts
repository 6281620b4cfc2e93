/** What is handed out is written down first: an audit row and an event for each delivery. */
import { type AuditRow, auditRows, insertAuditRows, MOST_AUDIT_ROWS } from '../access/audit-log.ts';
import { contractEvent, type NewEvent } from '../events/event.ts';
import type { IsHeard, RecordEvents } from '../events/event-log.ts';
import { askedTogether } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import { currentSpan, inSpan } from '../kernel/tracing.ts';
import type { Store } from '../store/store.ts';
import type { StoredContract } from './stored-contract.ts';

export interface DeliveryRecordNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly record: RecordEvents;
  readonly isHeard: IsHeard;
}

export interface DeliveryRecord {
  /** Whether an endpoint wants to hear of deliveries. One that is added while a car is being answered hears of the next. */
  areHeard(): Promise<boolean>;
  /** Resolves when audit rows and events are on disk. Deliveries at the same time share a transaction. */
  record(contracts: readonly StoredContract[], areHeard: boolean): Promise<void>;
}

export function deliveryRecord({ store, clock, record, isHeard }: DeliveryRecordNeeds): DeliveryRecord {
  const write = askedTogether<Delivery, undefined>({
    what: 'deliveries',
    async answer(deliveries) {
      const rows = deliveries.flatMap((each) => each.rows);
      // One statement is a transaction by itself, and most ecosystems want no event for each delivery.
      const isOneStatement = rows.length <= MOST_AUDIT_ROWS && !deliveries.some((each) => each.isHeard);
      if (isOneStatement) await insertAuditRows(store.db, rows);
      else {
        await store.transaction(async (tx) => {
          await insertAuditRows(tx, rows);
          await record(
            tx,
            deliveries.flatMap(({ events }) => events()),
          );
        });
      }
      return deliveries.map(() => undefined);
    },
    ...TOGETHER,
  });
  return {
    areHeard: () => isHeard(DELIVERED),
    async record(contracts, areHeard) {
      const delivered = contracts.map(({ emaid, installationRes }) => {
        return { operation: 'contract.deliver', object: emaid, after: installationRes } as const;
      });
      const span = currentSpan();
      await write({
        // Rows say who acts, which is known here and not where they are written.
        rows: auditRows(clock.now(), delivered),
        events: () => inSpan(span, () => contracts.map(deliveredEvent)),
        isHeard: areHeard,
      });
    },
  };
}

interface Delivery {
  readonly rows: readonly AuditRow[];
  /** Made only where somebody wants to hear of them. */
  readonly events: () => readonly NewEvent[];
  readonly isHeard: boolean;
}

const DELIVERED = 'mo.contract.delivered.to.oem';

/** One transaction at a time: those who come while the disk is written share the next one. */
const TOGETHER = { most: 100, atOnce: 1 };

/** The data is on its way to the car, or to the backend of its maker. */
function deliveredEvent(contract: StoredContract): NewEvent {
  return contractEvent(DELIVERED, contract);
}
