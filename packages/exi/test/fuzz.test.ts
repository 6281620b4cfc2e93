import { expect, test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

/** The short form; `npm run fuzz -w @plugpool/exi -- --cases 1000000` is the long one. */
test('mutated streams: messages or typed errors, no hang, memory flat', () => {
  const report = fuzz(40_000, 20_260);
  expect(report.accepted).toBeGreaterThan(1000);
  expect(report.canonical).toBeGreaterThan(500);
  expect(Object.keys(report.rejected).sort()).toEqual(
    expect.arrayContaining(['invalid-header', 'invalid-value', 'limit-exceeded', 'truncated', 'unsupported-event']),
  );
  expect(report.slowestMs).toBeLessThan(1000);
  expect(report.heapAfter - report.heapBefore).toBeLessThan(4_000_000);
});
