/** What can be counted of the peers; whoever measures registers here. */
import type { BreakerState } from './circuit-breaker.ts';

/**
 * - `good`: verified, whether it was the first or not
 * - `absent`: the peer does not know it
 * - `refused`: another refusal
 * - `untrusted`: an answer that does not stand its checks
 * - `failed`: no answer, or none that can be read
 * - `timeout`: none within the deadline
 * - `beaten`: broken off because another peer was first
 * - `skipped`: not asked, for the breaker is open or so many calls to the peer are under way that there was no turn in time
 */
export type CallResult = 'good' | 'absent' | 'refused' | 'untrusted' | 'failed' | 'timeout' | 'beaten' | 'skipped';

export interface WatchedCall {
  /** Its base URL. */
  readonly peer: string;
  readonly question: string;
  readonly result: CallResult;
  readonly milliseconds: number;
  /** After the call. */
  readonly breaker: BreakerState;
}

export type WatchPeers = (call: WatchedCall) => void;
