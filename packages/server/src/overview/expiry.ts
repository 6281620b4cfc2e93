/** What ends soon: how many vehicles, contracts, roots and authorities in the next days. */
import type { Clock } from '../kernel/clock.ts';

const DAY_MS = 86_400_000;
/** Beyond it nobody needs the number, and counting it would take longer than reading the page. */
export const MOST_COUNTED = 10_000;

const kinds = ['vehicles', 'contracts', 'roots', 'authorities'] as const;
export type ExpiringKind = (typeof kinds)[number];

/** Each begins where the one before it ends; the first is what has ended already. */
export const spans = [
  { name: 'expired', until: 0 },
  { name: 'within7Days', until: 7 },
  { name: 'within30Days', until: 30 },
  { name: 'within90Days', until: 90 },
] as const;
export type SpanName = (typeof spans)[number]['name'];

/** Up to `MOST_COUNTED` each. */
export type ExpiryHorizon = Readonly<Record<ExpiringKind, Readonly<Record<SpanName, number>>>>;

/** How many end from `since` on and before `until`, in epoch milliseconds; no more than `most` are counted. */
type CountEnding = (since: number, until: number, most: number) => Promise<number>;

export type ExpiryNeeds = { readonly clock: Clock } & Readonly<Record<ExpiringKind, CountEnding>>;

export async function expiryHorizon(needs: ExpiryNeeds): Promise<ExpiryHorizon> {
  const now = needs.clock.now();
  const countOf = async (kind: ExpiringKind) => {
    const counts = { expired: 0, within7Days: 0, within30Days: 0, within90Days: 0 };
    let since = 0;
    for (const { name, until } of spans) {
      const end = now + until * DAY_MS;
      counts[name] = await needs[kind](since, end, MOST_COUNTED);
      since = end;
    }
    return counts;
  };
  return {
    vehicles: await countOf('vehicles'),
    contracts: await countOf('contracts'),
    roots: await countOf('roots'),
    authorities: await countOf('authorities'),
  };
}
