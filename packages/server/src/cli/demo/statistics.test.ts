import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentile, statistics } from './statistics.ts';

test('percentiles are values that were measured, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99, 100]);
  expect(percentile([7], 50)).toBe(7);
  expect(percentile([], 99)).toBe(0);
});

test('so many percent do not exceed a percentile', () => {
  const values = fc.array(fc.nat(1000), { minLength: 1 }).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (sorted, percent) => {
      const found = percentile(sorted, percent);
      const within = sorted.filter((value) => value <= found).length;
      expect(sorted).toContain(found);
      expect((within / sorted.length) * 100).toBeGreaterThanOrEqual(percent);
    }),
  );
});

test('failures count, and their times do not', () => {
  const steps = statistics();
  const step = { role: 'OEM', name: 'enrol' };
  for (const milliseconds of [1, 2, 3]) steps.add({ ...step, milliseconds, failed: false });
  steps.add({ ...step, milliseconds: 10_000, failed: true });
  steps.add({ role: 'car', name: 'verify', milliseconds: 5, failed: false });
  expect(steps.summary(2)).toEqual([
    { role: 'OEM', step: 'enrol', count: 4, failures: 1, rate: 1.5, p50: 2, p95: 3, p99: 3 },
    { role: 'car', step: 'verify', count: 1, failures: 0, rate: 0.5, p50: 5, p95: 5, p99: 5 },
  ]);
});
