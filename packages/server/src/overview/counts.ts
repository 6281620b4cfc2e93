/**
 * What was done and what was refused, by hour, and how much there is in all. Nothing is counted where it happens: what
 * was done is counted from the audit log a moment later, each row once whoever does it; refusals, which leave no row,
 * are kept in memory for that moment.
 */
import { lastPosition, tallyAudit } from '../access/audit-sequence.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DomainErrorKind } from '../kernel/domain-error.ts';
import type { Store } from '../store/store.ts';
import {
  addByHour,
  addInAll,
  deleteByHourBefore,
  type HourlyCount,
  lockPosition,
  positionMeasure,
  selectByHour,
  selectInAll,
} from './count-queries.ts';

/** What can be refused and is counted by reason. */
export type CountedWork = 'publish' | 'sign' | 'generate' | 'install';

export interface Counts {
  readonly vehicles: number;
  /** An EMAID in an edition. */
  readonly contracts: number;
  /** Measures are operations of the audit log, and `refused WORK KIND`. */
  readonly byHour: readonly HourlyCount[];
}

export interface Counting {
  refused(work: CountedWork, kind: DomainErrorKind): void;
  /** Counts what has come since the last time, in whichever replica. */
  update(): Promise<void>;
  /** `since` in epoch milliseconds. */
  read(since: number): Promise<Counts>;
}

const HOUR_MS = 3_600_000;
const KEPT_MS = 92 * 24 * HOUR_MS;
const ROWS_AT_ONCE = 10_000;

/** How a row of the audit log changes what there is. */
const changes: Readonly<Record<string, { readonly measure: 'vehicles' | 'contracts'; readonly by: 1 | -1 }>> = {
  'vehicle.publish': { measure: 'vehicles', by: 1 },
  'vehicle.depublish': { measure: 'vehicles', by: -1 },
  'contract.store': { measure: 'contracts', by: 1 },
  'contract.withdraw': { measure: 'contracts', by: -1 },
  'contract.remove': { measure: 'contracts', by: -1 },
};

export function counting({ store, clock }: { readonly store: Store; readonly clock: Clock }): Counting {
  let refusals = new Map<string, HourlyCount>();
  let cleanedHour = 0;

  function keep(hour: number, measure: string, more: number): void {
    const key = `${hour} ${measure}`;
    refusals.set(key, { hour, measure, count: (refusals.get(key)?.count ?? 0) + more });
  }

  async function writeRefusals(): Promise<void> {
    const written = [...refusals.values()];
    if (written.length === 0) return;
    refusals = new Map();
    try {
      await store.transaction((tx) => addByHour(tx, written));
    } catch (cause) {
      for (const { hour, measure, count } of written) keep(hour, measure, count);
      throw cause;
    }
  }

  return {
    refused: (work, kind) => keep(hourOf(clock.now()), `refused ${work} ${kind}`, 1),

    async update() {
      await writeRefusals();
      while (await countAudit(store));
      const hour = hourOf(clock.now());
      if (hour === cleanedHour) return;
      await deleteByHourBefore(store.db, hour - KEPT_MS);
      cleanedHour = hour;
    },

    async read(since) {
      const [inAll, byHour] = await Promise.all([selectInAll(store.db), selectByHour(store.db, hourOf(since))]);
      return { vehicles: inAll.get('vehicles') ?? 0, contracts: inAll.get('contracts') ?? 0, byHour };
    },
  };
}

/** One batch, with how far it reaches, in one transaction; whether there may be more. */
async function countAudit(store: Store): Promise<boolean> {
  const last = await lastPosition(store.db);
  if (last <= ((await selectInAll(store.db)).get(positionMeasure) ?? 0)) return false;
  return await store.transaction(async (tx) => {
    const position = await lockPosition(store, tx);
    const upTo = Math.min(await lastPosition(tx), position + ROWS_AT_ONCE);
    if (upTo <= position) return false;
    const tallies = await tallyAudit(tx, position, upTo);
    const byHour = Map.groupBy(tallies, ({ hour, operation }) => `${hour} ${operation}`);
    await addByHour(
      tx,
      [...byHour.values()].flatMap((same) => {
        const [first] = same;
        const count = same.reduce((sum, tally) => sum + tally.count, 0);
        return first === undefined ? [] : [{ hour: first.hour, measure: first.operation, count }];
      }),
    );
    const differences = { vehicles: 0, contracts: 0 };
    for (const { operation, hadBefore, count } of tallies) {
      const change = changes[operation];
      // What took the place of another changes nothing in all.
      if (change !== undefined && !(change.by === 1 && hadBefore)) differences[change.measure] += change.by * count;
    }
    await addInAll(tx, 'vehicles', differences.vehicles);
    await addInAll(tx, 'contracts', differences.contracts);
    await addInAll(tx, positionMeasure, upTo - position);
    return upTo - position === ROWS_AT_ONCE;
  });
}

function hourOf(at: number): number {
  return at - (at % HOUR_MS);
}
