/** Remembers values for a time and never more than fit; the least recently used goes first. */
interface Entry<Value> {
  readonly value: Value;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly weight: number;
}

export class BoundedCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #most: number;
  #weight = 0;

  /** @param most sum of the weights of all entries; an entry weighs 1 unless told otherwise */
  constructor(most: number) {
    this.#most = most;
  }

  /** @param now epoch milliseconds */
  get(key: string, now: number): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= now) {
      this.#weight -= entry.weight;
      return undefined;
    }
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: Value, until: number, weight = 1): void {
    this.#remove(key);
    this.#entries.set(key, { value, until, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#most) break;
      this.#remove(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#weight -= entry.weight;
    this.#entries.delete(key);
  }
}
