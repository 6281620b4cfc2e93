/** Cleanses now and then: once in each period, by whichever process is first. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { repeatedly } from '../kernel/repeatedly.ts';
import type { Db, Store } from '../store/store.ts';
import type { CleansingSummary } from './cleansing.ts';

export interface CleansingScheduleNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** Asked each time; 0 for never. */
  readonly everyMs: () => number;
  readonly cleanse: (signal: AbortSignal) => Promise<CleansingSummary>;
  /** Tells the operator what came of it. */
  readonly note: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export interface CleansingSchedule {
  /** Cleanses if nobody has in this period; whether it did. */
  runIfDue(): Promise<boolean>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 60_000;

export function startCleansingSchedule(needs: CleansingScheduleNeeds): CleansingSchedule {
  const { store, clock, cleanse, note } = needs;
  const stopping = new AbortController();

  async function runIfDue(): Promise<boolean> {
    const everyMs = needs.everyMs();
    if (everyMs === 0) return false;
    // Whoever writes the row of the period down runs it.
    const id = `period-${everyMs}-${Math.floor(clock.now() / everyMs)}`;
    if (!(await recordStart(store, { id, startedBy: 'schedule', at: clock.now() }))) return false;
    const summary = await cleanse(stopping.signal);
    await recordEnd(store, id, clock.now(), summary);
    note('cleansed', { ...summary });
    return true;
  }

  const end = repeatedly(LOOK_EVERY_MS, runIfDue, (err) => {
    note('cleansing failed, it goes on in the next period', { err });
  });
  return {
    runIfDue,
    async stop() {
      stopping.abort();
      await end();
    },
  };
}

/** A run that somebody asked for, written down like those of the schedule. */
export async function recordedRun(
  { store, clock }: Pick<CleansingScheduleNeeds, 'store' | 'clock'>,
  cleanse: () => Promise<CleansingSummary>,
): Promise<CleansingSummary> {
  const id = randomUUID();
  await recordStart(store, { id, startedBy: 'command', at: clock.now() });
  const summary = await cleanse();
  await recordEnd(store, id, clock.now(), summary);
  return summary;
}

/** When the last run that was finished ended, in epoch milliseconds. */
export async function lastCleansing(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('cleansing')
    .select(({ fn }) => fn.max('finished_at').as('last'))
    .executeTakeFirst();
  return row?.last ?? undefined;
}

interface Start {
  readonly id: string;
  readonly startedBy: 'schedule' | 'command';
  readonly at: number;
}

/** False when it is written down already. */
async function recordStart({ db }: Store, { id, startedBy, at }: Start): Promise<boolean> {
  const row = await db
    .insertInto('cleansing')
    .values({ id, started_by: startedBy, started_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

async function recordEnd({ db }: Store, id: string, at: number, summary: CleansingSummary): Promise<void> {
  await db
    .updateTable('cleansing')
    .set({ finished_at: at, summary: JSON.stringify(summary) })
    .where('id', '=', id)
    .execute();
}
