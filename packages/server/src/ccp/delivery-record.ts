/** What is handed out is written down first: an audit row and an event for each delivery. */
import { type AuditRow, auditRows, insertAuditRows } from '../access/audit-log.ts';
import { contractEvent, type NewEvent } from '../events/event.ts';
import type { RecordEvents } from '../events/event-log.ts';
import { askedTogether } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';
import type { StoredContract } from './stored-contract.ts';

export interface DeliveryRecordNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly record: RecordEvents;
}

/** Resolves when audit rows and events are on disk. Deliveries at the same time share a transaction. */
export function deliveryRecord({
  store,
  clock,
  record,
}: DeliveryRecordNeeds): (contracts: readonly StoredContract[]) => Promise<void> {
  const write = askedTogether<Delivery, undefined>({
    what: 'deliveries',
    async answer(deliveries) {
      await store.transaction(async (tx) => {
        await insertAuditRows(
          tx,
          deliveries.flatMap(({ rows }) => rows),
        );
        await record(
          tx,
          deliveries.flatMap(({ events }) => events),
        );
      });
      return deliveries.map(() => undefined);
    },
    ...TOGETHER,
  });
  return async (contracts) => {
    const delivered = contracts.map(({ emaid, installationRes }) => {
      return { operation: 'contract.deliver', object: emaid, after: installationRes } as const;
    });
    // Rows say who acts, which is known here and not where they are written.
    await write({ rows: auditRows(clock.now(), delivered), events: contracts.map(deliveredEvent) });
  };
}

interface Delivery {
  readonly rows: readonly AuditRow[];
  readonly events: readonly NewEvent[];
}

/** One transaction at a time: those who come while the disk is written share the next one. */
const TOGETHER = { most: 100, atOnce: 1 };

/** The data is on its way to the car, or to the backend of its maker. */
function deliveredEvent(contract: StoredContract): NewEvent {
  return contractEvent('mo.contract.delivered.to.oem', contract);
}
