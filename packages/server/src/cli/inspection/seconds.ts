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

/** `2026-06-01T12:00:00Z`; `undefined` beyond the dates that can be written so. */
export function dateOfSeconds(seconds: bigint | number): string | undefined {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().replace('.000Z', 'Z');
}
