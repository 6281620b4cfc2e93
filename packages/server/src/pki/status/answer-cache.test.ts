import { describe, expect, test } from 'vitest';
import { answerCache } from './answer-cache.ts';

const request = (number: number) => Uint8Array.of(0x30, 0x80 + number, 0xff);

describe('prepared answers', () => {
  test('ok/what was not asked for longest goes first', () => {
    const cache = answerCache<string>(2);
    cache.set(request(1), 'one');
    cache.set(request(2), 'two');
    expect(cache.get(request(1))).toBe('one');
    cache.set(request(3), 'three');
    expect([1, 2, 3].map((number) => cache.get(request(number)))).toEqual(['one', undefined, 'three']);
    expect(cache.size).toBe(2);
  });

  test('ok/a newer answer replaces the older one', () => {
    const cache = answerCache<string>(2);
    cache.set(request(1), 'good');
    cache.set(request(1), 'revoked');
    expect([cache.get(request(1)), cache.size]).toEqual(['revoked', 1]);
  });

  test('ok/requests for many certificates are not kept', () => {
    const cache = answerCache<string>(2);
    const long = new Uint8Array(161);
    cache.set(long, 'many');
    expect([cache.get(long), cache.size]).toEqual([undefined, 0]);
  });
});
