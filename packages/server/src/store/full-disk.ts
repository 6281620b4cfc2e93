import { DatabaseFull } from '../kernel/database-unavailable.ts';

/** Long enough to be seen by whoever looks every now and then, and soon over when there is room again. */
const REMEMBERED_MS = 30_000;

/** Whether the disk of the database was full lately: only a write finds out, so there is no asking. */
export class FullDisk {
  #refusedAt = Number.NEGATIVE_INFINITY;

  /** What is thrown on for a write that was refused. */
  refused(cause: unknown): DatabaseFull {
    this.#refusedAt = performance.now();
    return new DatabaseFull(cause);
  }

  isRecent(): boolean {
    return performance.now() - this.#refusedAt < REMEMBERED_MS;
  }
}
