import { UsageError } from '../command.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST_MS = 366 * 86_400_000;

/** Milliseconds of `24h`, `30m`, `7d` or seconds without a unit. @throws UsageError */
export function duration(text: string, option: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  const milliseconds = number === '' ? Number.NaN : Number(number) * (unitMs[unit === '' ? 's' : unit] ?? Number.NaN);
  if (milliseconds <= LONGEST_MS) return milliseconds;
  throw new UsageError(`${option} must be a time such as 24h, 30m, 7d or 0, a year at most, not "${text}"`);
}
