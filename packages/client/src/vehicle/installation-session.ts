import type { Edition } from '@plugpool/iso15118';
import { VehicleRefusal } from './vehicle-refusal.ts';

/** A car that has asked waits for this. */
export class InstallationSession {
  readonly edition: Edition;
  readonly sessionId: Uint8Array;
  private readonly most: number;
  private taken = 0;
  private remaining: number | undefined;

  /** @param most contracts that the car asked for */
  constructor(edition: Edition, sessionId: Uint8Array, most: number) {
    this.edition = edition;
    this.sessionId = sessionId;
    this.most = most;
  }

  /**
   * Whether a response of ISO 15118-20 may come next: each says how many contracts remain, one less every time, and
   * never more come than the car asked for.
   * @throws VehicleRefusal `remaining-count`
   */
  checkNext(remaining: number): void {
    if (this.taken >= this.most) {
      throw new VehicleRefusal('remaining-count', `the car asked for ${this.most} contracts, and gets one more`);
    }
    if (this.remaining !== undefined && remaining !== this.remaining - 1) {
      const text = `after ${this.remaining} remaining contracts the next response says ${remaining}`;
      throw new VehicleRefusal('remaining-count', text);
    }
  }

  /** The contract of a response was installed. */
  took(remaining: number): void {
    this.taken++;
    this.remaining = remaining;
  }
}
