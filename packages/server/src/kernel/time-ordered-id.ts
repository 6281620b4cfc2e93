import { randomUUID } from 'node:crypto';

/** Hexadecimal digits of 48 bits of milliseconds. */
const TIME_DIGITS = 12;
/** Where the digit of the version stands. */
const VERSION_AT = 14;

/**
 * A UUID that begins with the time it was made (version 7, RFC 9562 §5.7), and is random from then on. For rows of which there are
 * many: an index on random ids is written all over, one on these at its end.
 * @param now epoch milliseconds
 */
export function timeOrderedId(now: number): string {
  if (now !== latest.now) latest = { now, beginning: beginningOf(now) };
  return latest.beginning + randomUUID().slice(VERSION_AT + 1);
}

function beginningOf(now: number): string {
  const time = Math.max(0, now).toString(16).padStart(TIME_DIGITS, '0').slice(-TIME_DIGITS);
  return `${time.slice(0, 8)}-${time.slice(8)}-7`;
}

/** Many are made in a millisecond. */
let latest = { now: 0, beginning: beginningOf(0) };
