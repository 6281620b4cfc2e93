const whole = new Intl.NumberFormat();

/** A count, grouped as the reader groups digits. */
export function inDigits(count: number): string {
  return whole.format(count);
}
