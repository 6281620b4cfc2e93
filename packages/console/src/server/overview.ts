import { useQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface OverviewAnswer {
  readonly vehicles: number;
  readonly contracts: number;
  /** Of the last 30 days; hours in which nothing was counted are left out. */
  readonly hours: readonly HourCounts[];
  readonly deliveries: DeliveriesHealth;
}

export interface HourCounts {
  /** Its beginning, ISO 8601. */
  readonly hour: string;
  /** By operation of the audit log, and by `refused WORK REASON`. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface DeliveriesHealth {
  readonly waiting: number;
  readonly firstDueAt?: string;
  /** In 24 hours. */
  readonly notTaken: number;
  readonly endpoints: number;
  readonly disabledEndpoints: number;
  readonly mostCounted: number;
}

const spanNames = ['expired', 'within7Days', 'within30Days', 'within90Days'] as const;
export type SpanName = (typeof spanNames)[number];
export type Ending = Readonly<Record<SpanName, number>>;

export interface ExpiryAnswer {
  readonly vehicles: Ending;
  readonly contracts: Ending;
  readonly roots: Ending;
  readonly authorities: Ending;
  readonly mostCounted: number;
}

export function useOverview() {
  return useQuery({
    queryKey: ['overview'],
    queryFn: () => ask<OverviewAnswer>('/admin/v1/overview'),
    refetchInterval: 5_000,
  });
}

export function useExpiry() {
  return useQuery({
    queryKey: ['overview', 'expiry'],
    queryFn: () => ask<ExpiryAnswer>('/admin/v1/overview/expiry'),
    refetchInterval: 60_000,
  });
}
