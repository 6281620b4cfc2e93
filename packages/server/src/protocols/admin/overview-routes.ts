/** What the console's first page shows. */
import { type Route, route } from '../../http/route.ts';
import { MOST_COUNTED, type Overview } from '../../overview/overview.ts';

export function overviewRoutes({ counts, queue, expiry }: Overview): Route[] {
  return [
    route('GET', '/admin/v1/overview', {
      operation: 'adminOverview',
      summary: 'How much there is, what was done and refused by hour, and how the deliveries stand',
      handle: async () => {
        const [{ vehicles, contracts, byHour }, { firstDueAt, ...deliveries }] = await Promise.all([counts(), queue()]);
        const hours = Map.groupBy(byHour, ({ hour }) => hour);
        const body = {
          vehicles,
          contracts,
          hours: [...hours].map(([hour, rows]) => ({
            hour: new Date(hour).toISOString(),
            counts: Object.fromEntries(rows.map(({ measure, count }) => [measure, count])),
          })),
          deliveries: {
            ...deliveries,
            ...(firstDueAt !== undefined && { firstDueAt: new Date(firstDueAt).toISOString() }),
            mostCounted: MOST_COUNTED,
          },
        };
        return { status: 200, body };
      },
    }),

    route('GET', '/admin/v1/overview/expiry', {
      operation: 'adminExpiry',
      summary: 'How many certificates end in 7, 30 and 90 days',
      handle: async () => ({ status: 200, body: { ...(await expiry()), mostCounted: MOST_COUNTED } }),
    }),
  ];
}
