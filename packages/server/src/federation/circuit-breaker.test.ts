import { describe, expect, test } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';

const rules = { failures: 3, openMs: 1000 };

function failing(times: number, now = 0): CircuitBreaker {
  const breaker = new CircuitBreaker(rules);
  for (let each = 0; each < times; each++) breaker.failed(now);
  return breaker;
}

describe('circuit breaker', () => {
  test('closed/until as many failures in a row as the rules say', () => {
    expect(failing(2).admits(0)).toBe(true);
    expect(failing(3).admits(0)).toBe(false);
  });

  test('closed/a success in between starts the count again', () => {
    const breaker = failing(2);
    breaker.succeeded();
    breaker.failed(0);
    breaker.failed(0);
    expect(breaker.state(0)).toBe('closed');
  });

  test('half-open/one call is let through when its time is over', () => {
    const breaker = failing(3);
    expect(breaker.state(999)).toBe('open');
    expect(breaker.state(1000)).toBe('half-open');
    expect([breaker.admits(1000), breaker.admits(1000)]).toEqual([true, false]);
  });

  test('closed/after the one call brought an answer', () => {
    const breaker = failing(3);
    breaker.admits(1000);
    breaker.succeeded();
    expect(breaker.state(1000)).toBe('closed');
  });

  test('open/again at once after the one call failed', () => {
    const breaker = failing(3);
    breaker.admits(1000);
    breaker.failed(1000);
    expect([breaker.state(1999), breaker.state(2000)]).toEqual(['open', 'half-open']);
  });

  test('half-open/another call is let through when the first was broken off', () => {
    const breaker = failing(3);
    breaker.admits(1000);
    breaker.abandoned();
    expect(breaker.admits(1000)).toBe(true);
  });
});
