/**
 * Keeps calls away from a peer that does not answer: after some failures in a row nothing is sent for a while, then one
 * call is let through, and its outcome decides.
 */
export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerRules {
  /** So many in a row open it. */
  readonly failures: number;
  readonly openMs: number;
}

export class CircuitBreaker {
  readonly #rules: BreakerRules;
  #failures = 0;
  /** Epoch milliseconds; undefined while it is closed. */
  #openUntil: number | undefined;
  #probing = false;

  constructor(rules: BreakerRules) {
    this.#rules = rules;
  }

  state(now: number): BreakerState {
    if (this.#openUntil === undefined) return 'closed';
    return now < this.#openUntil ? 'open' : 'half-open';
  }

  /** Whether a call may be made now; who makes it has to say how it ended. */
  admits(now: number): boolean {
    const state = this.state(now);
    if (state !== 'half-open') return state === 'closed';
    if (this.#probing) return false;
    this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = undefined;
    this.#probing = false;
  }

  failed(now: number): void {
    this.#failures++;
    if (this.#probing || this.#failures >= this.#rules.failures) this.#openUntil = now + this.#rules.openMs;
    this.#probing = false;
  }

  /** The call was broken off by us, so it says nothing. */
  abandoned(): void {
    this.#probing = false;
  }
}
