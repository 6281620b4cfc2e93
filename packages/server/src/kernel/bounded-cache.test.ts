import { describe, expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

describe('bounded cache', () => {
  test('a value holds until its time, and not at it', () => {
    const cache = new BoundedCache<string>(10);
    cache.set('a', 'A', 100);
    expect(cache.get('a', 99)).toBe('A');
    expect(cache.get('a', 100)).toBeUndefined();
    expect(cache.get('a', 99)).toBeUndefined();
  });

  test('the least recently used goes first', () => {
    const cache = new BoundedCache<number>(2);
    cache.set('a', 1, 100);
    cache.set('b', 2, 100);
    cache.get('a', 0);
    cache.set('c', 3, 100);
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 0))).toEqual([1, undefined, 3]);
  });

  test('weights count, also of what is replaced, and what is too heavy is not kept', () => {
    const cache = new BoundedCache<number>(10);
    cache.set('a', 1, 100, 6);
    cache.set('a', 2, 100, 4);
    cache.set('b', 3, 100, 6);
    expect([cache.get('a', 0), cache.get('b', 0)]).toEqual([2, 3]);
    cache.set('c', 4, 100, 11);
    expect(['a', 'b', 'c'].map((key) => cache.get(key, 0))).toEqual([undefined, undefined, undefined]);
    cache.set('d', 5, 100, 10);
    expect(cache.get('d', 0)).toBe(5);
  });
});
