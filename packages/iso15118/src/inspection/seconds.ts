/** Times of messages are seconds since 1970, in UTC, in both editions. */

/** Elements that hold one. */
export const elementsOfSeconds: ReadonlySet<string> = new Set([
  'TimeStamp',
  'EVSETimeStamp',
  'TMeter',
  'MeterTimestamp',
  'TimeAnchor',
  'CheckOutTime',
]);

const lastOfFourDigits = 253_402_300_799;
const firstOfFourDigits = -62_167_219_200;

/** `2026-06-01T12:00:00Z`; `undefined` for years that have not four digits. */
export function dateOfSeconds(value: bigint | number): string | undefined {
  const seconds = Number(value);
  if (seconds > lastOfFourDigits || seconds < firstOfFourDigits) return undefined;
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
