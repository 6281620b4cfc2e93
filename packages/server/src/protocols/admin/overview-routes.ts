/** What the console's first page shows. */

import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { MOST_COUNTED, type Overview } from '../../overview/overview.ts';

const Count = Type.Integer({ minimum: 0 });
const Instant = Type.String({ format: 'date-time' });
const MostCounted = Type.Integer({ description: 'Counts of this many are of this many, or more.' });

const OverviewShape = Type.Object({
  vehicles: Type.Integer({ description: 'Published, each edition of a vehicle by itself.' }),
  contracts: Type.Integer({ description: 'Stored, each edition of an EMAID by itself.' }),
  hours: Type.Array(
    Type.Object({
      hour: Instant,
      counts: Type.Record(Type.String(), Count, {
        description: 'By operation of the audit log, and by `refused WORK REASON`.',
      }),
    }),
    { description: 'Of the last 30 days; an hour in which nothing was counted is not there.' },
  ),
  deliveries: Type.Object({
    waiting: Count,
    firstDueAt: Type.Optional(Instant),
    notTaken: Type.Integer({ description: 'Refused or given up in the last 24 hours.' }),
    endpoints: Count,
    disabledEndpoints: Count,
    mostCounted: MostCounted,
  }),
});

const Ending = Type.Object(
  { expired: Count, within7Days: Count, within30Days: Count, within90Days: Count },
  { description: 'Each span begins where the one before it ends.' },
);
const ExpiryShape = Type.Object({
  vehicles: Ending,
  contracts: Ending,
  roots: Ending,
  authorities: Ending,
  mostCounted: MostCounted,
});

export function overviewRoutes({ counts, queue, expiry }: Overview): Route[] {
  return [
    route('GET', '/admin/v1/overview', {
      operation: 'adminOverview',
      summary: 'Tells how much there is, what was done and refused by hour, and how the deliveries stand',
      answers: { 200: OverviewShape },
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
      summary: 'Tells how many certificates end in 7, 30 and 90 days',
      answers: { 200: ExpiryShape },
      handle: async () => ({ status: 200, body: { ...(await expiry()), mostCounted: MOST_COUNTED } }),
    }),
  ];
}
