import { DerError } from './der-error.ts';
import type { DerElement } from './reader.ts';
import { tags } from './tags.ts';

const utcTimeLength = 13;
const generalizedTimeLength = 15;

/** RFC 5280 §4.1.2.5: UTCTime `YYMMDDHHMMSSZ` for 1950…2049, GeneralizedTime `YYYYMMDDHHMMSSZ`, nothing else. */
export function decodeTime(bytes: Uint8Array, element: DerElement, what: string): number {
  const { tag, start, contentStart, end } = element;
  const short = tag === tags.utcTime;
  if (!short && tag !== tags.generalizedTime) {
    throw new DerError('unexpected-tag', start, `${what} is neither UTCTime nor GeneralizedTime`);
  }
  if (end - contentStart !== (short ? utcTimeLength : generalizedTimeLength) || bytes[end - 1] !== 0x5a) {
    throw new DerError('bad-time', start, `${what} is not in seconds of UTC`);
  }
  const pair = (index: number): number => {
    const tens = (bytes[index] ?? 0) - 0x30;
    const ones = (bytes[index + 1] ?? 0) - 0x30;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
      throw new DerError('bad-time', index, `${what} has a character that is no digit`);
    }
    return tens * 10 + ones;
  };
  const at = end - 11;
  const lastTwo = pair(at - 2);
  const year = short ? (lastTwo < 50 ? 2000 : 1900) + lastTwo : pair(at - 4) * 100 + lastTwo;
  const [month, day, hour, minute, second] = [pair(at), pair(at + 2), pair(at + 4), pair(at + 6), pair(at + 8)];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCFullYear() === year;
  if (!exists || hour > 23 || minute > 59 || second > 59) {
    throw new DerError('bad-time', start, `${what} does not exist in the calendar`);
  }
  return time;
}

/** The form RFC 5280 demands for a time: UTCTime until 2049, GeneralizedTime from 2050; whole seconds, cut off. */
export function encodeTime(time: number): { readonly tag: number; readonly text: string } {
  const digits = encodeGeneralizedTime(time);
  return digits < '2050' ? { tag: tags.utcTime, text: digits.slice(2) } : { tag: tags.generalizedTime, text: digits };
}

/** `YYYYMMDDHHMMSSZ` for any year, as OCSP wants it (RFC 6960 §4.2.2.1); whole seconds, cut off. */
export function encodeGeneralizedTime(time: number): string {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (!(year >= 1950 && year <= 9999)) {
    throw new RangeError('certificates can only tell times between the years 1950 and 9999');
  }
  const iso = date.toISOString();
  const day = `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}`;
  return `${day}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}
