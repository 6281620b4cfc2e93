/** What an operator sees first: how much there is, what happens, what ends soon, and whether the queue moves. */
import type { QueueHealth } from '../events/delivery/webhook-deliveries.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Store } from '../store/store.ts';
import { type Counting, type Counts, counting } from './counts.ts';
import { type ExpiryHorizon, type ExpiryNeeds, expiryHorizon } from './expiry.ts';

export type { CountedWork, Counts } from './counts.ts';
export { type ExpiryHorizon, MOST_COUNTED } from './expiry.ts';

export interface Overview extends Pick<Counting, 'refused' | 'update'> {
  /** Of the last 30 days. */
  counts(): Promise<Counts>;
  queue(): Promise<QueueHealth>;
  expiry(): Promise<ExpiryHorizon>;
}

export interface OverviewNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: () => Promise<QueueHealth>;
  readonly ending: Omit<ExpiryNeeds, 'clock'>;
}

const SHOWN_MS = 30 * 86_400_000;

export function overview({ store, clock, queue, ending }: OverviewNeeds): Overview {
  const counts = counting({ store, clock });
  return {
    refused: counts.refused,
    update: counts.update,
    counts: () => counts.read(clock.now() - SHOWN_MS),
    queue,
    expiry: () => expiryHorizon({ clock, ...ending }),
  };
}
