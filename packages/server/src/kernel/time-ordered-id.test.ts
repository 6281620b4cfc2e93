import { expect, test } from 'vitest';
import { timeOrderedId } from './time-ordered-id.ts';

test('ok/the example of RFC 9562 §A.6, as far as it is not random', () => {
  const id = timeOrderedId(0x017f22e279b0);
  expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('ok/later ones come behind, and none twice', () => {
  const times = Array.from({ length: 1000 }, (_, index) => Math.floor(index / 2) * 997 + 1_700_000_000_000);
  const ids = times.map(timeOrderedId);
  expect(new Set(ids).size).toBe(ids.length);
  const ofEachTime = ids.filter((_, index) => index % 2 === 0);
  expect(ofEachTime).toEqual([...ofEachTime].sort());
});

test('ok/a clock that is far off makes ids all the same', () => {
  for (const now of [-1, 0, 2 ** 48 - 1, 2 ** 50]) expect(timeOrderedId(now)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
});
