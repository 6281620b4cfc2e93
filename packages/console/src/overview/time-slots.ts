/** The hours or days that a chart has columns for, in the zone of whoever looks. */
import type { HourCounts } from '../server/overview.ts';

export type ShownSpan = 'day' | 'month';

export interface Slot {
  /** Epoch milliseconds of its beginning. */
  readonly begins: number;
  readonly label: string;
  readonly counts: Readonly<Record<string, number>>;
}

const hourOfDay = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });
const dayOfMonth = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

/** 24 hours or 30 days up to now, oldest first; what the answer leaves out has no counts. */
export function slotsOf(hours: readonly HourCounts[], span: ShownSpan, now = new Date()): Slot[] {
  const slots = beginnings(span, now).map((begins) => ({ begins, counts: {} as Record<string, number> }));
  for (const { hour, counts } of hours) {
    const at = Date.parse(hour);
    const slot = slots.findLast(({ begins }) => begins <= at);
    if (slot === undefined) continue;
    for (const [measure, count] of Object.entries(counts)) {
      slot.counts[measure] = (slot.counts[measure] ?? 0) + count;
    }
  }
  const format = span === 'day' ? hourOfDay : dayOfMonth;
  return slots.map((slot) => ({ ...slot, label: format.format(slot.begins) }));
}

function beginnings(span: ShownSpan, now: Date): number[] {
  const [year, month, day] = [now.getFullYear(), now.getMonth(), now.getDate()];
  if (span === 'month') return Array.from({ length: 30 }, (_, at) => new Date(year, month, day - 29 + at).getTime());
  // Zones differ from UTC by parts of an hour too, and the server counts by hours of UTC.
  const hour = now.getTime() - (now.getTime() % 3_600_000);
  return Array.from({ length: 24 }, (_, at) => hour - (23 - at) * 3_600_000);
}

export function sumOf(slots: readonly Slot[], counted: (measure: string) => boolean): number[] {
  return slots.map(({ counts }) =>
    Object.entries(counts).reduce((sum, [measure, count]) => (counted(measure) ? sum + count : sum), 0),
  );
}
