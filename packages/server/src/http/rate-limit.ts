/** How often somebody may ask: a bucket of tokens for each key, refilled with time. Each process counts for itself. */
import { BoundedCache } from '../kernel/bounded-cache.ts';

interface Bucket {
  left: number;
  /** Milliseconds of the process's clock. */
  at: number;
}

const MOST_KEYS = 50_000;
/** So much may come at once: what is allowed in this time. */
const BURST_SECONDS = 2;

export class RateLimit {
  readonly #buckets = new BoundedCache<Bucket>(MOST_KEYS);
  readonly #perSecond: number;
  readonly #most: number;

  /**
   * @param perSecond 0 for no limit
   * @param most what may come at once
   */
  constructor(perSecond: number, most = perSecond * BURST_SECONDS) {
    this.#perSecond = perSecond;
    this.#most = Math.max(1, most);
  }

  /** Takes one. @returns seconds to wait when there is none left, else 0 */
  take(key: string, now: number): number {
    return this.#spend(key, now, 1);
  }

  /** The same without taking, for who is charged afterwards. */
  wait(key: string, now: number): number {
    return this.#spend(key, now, 0);
  }

  /** Puts back one that was taken, for what turns out not to count. */
  giveBack(key: string, now: number): void {
    const bucket = this.#buckets.get(key, now);
    if (bucket !== undefined) bucket.left = Math.min(this.#most, bucket.left + 1);
  }

  #spend(key: string, now: number, cost: 0 | 1): number {
    if (this.#perSecond === 0) return 0;
    const bucket = this.#buckets.get(key, now) ?? { left: this.#most, at: now };
    const left = Math.min(this.#most, bucket.left + ((now - bucket.at) / 1000) * this.#perSecond);
    if (left < 1) return Math.max(1, Math.ceil((1 - left) / this.#perSecond));
    // A full bucket says nothing, so it is forgotten when it would be full again.
    const until = now + (this.#most / this.#perSecond) * 1000;
    this.#buckets.set(key, { left: left - cost, at: now }, until);
    return 0;
  }
}
