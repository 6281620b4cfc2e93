import { describe, expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

describe('rate limit', () => {
  test('ok/a burst, then one for each part of a second, for each key', () => {
    const limit = new RateLimit(5);
    const taken = (now: number, key = 'a') =>
      Array.from({ length: 20 }, () => limit.take(key, now)).filter((wait) => wait === 0).length;
    expect([taken(0), taken(0), taken(0, 'b')]).toEqual([10, 0, 10]);
    expect([taken(200), taken(399), taken(400), taken(10_000)]).toEqual([1, 0, 1, 10]);
  });

  test('ok/says how long to wait, and less than one a second is possible', () => {
    const limit = new RateLimit(0.1);
    expect([limit.take('a', 0), limit.take('a', 1), limit.wait('a', 5_000), limit.take('a', 10_000)]).toEqual([
      0, 10, 5, 0,
    ]);
  });

  test('ok/looking takes nothing; no limit is none', () => {
    const limit = new RateLimit(1);
    for (let each = 0; each < 10; each++) expect(limit.wait('a', 0)).toBe(0);
    const none = new RateLimit(0);
    for (let each = 0; each < 1_000; each++) expect(none.take('a', 0)).toBe(0);
  });

  test('ok/what is given back can be taken again, and not more', () => {
    const limit = new RateLimit(0.001, 2);
    expect([limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 0]);
    limit.giveBack('a', 0);
    expect([limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 1_000]);
    for (let each = 0; each < 5; each++) limit.giveBack('a', 0);
    expect([limit.take('a', 0), limit.take('a', 0), limit.take('a', 0)]).toEqual([0, 0, 1_000]);
  });
});
