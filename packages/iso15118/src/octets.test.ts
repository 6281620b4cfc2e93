import { expect, test } from 'vitest';
import { shortLivedCopy, shortLivedOctets } from './octets.ts';

test('ok/each has octets of its own, zeros at first, and as many as it asked for', () => {
  const lengths = Array.from({ length: 500 }, (_, index) => (index * 37) % 1300);
  const all = lengths.map((length, index) => {
    const octets = shortLivedOctets(length);
    expect(octets).toEqual(new Uint8Array(length));
    return octets.fill(index & 0xff);
  });
  all.forEach((octets, index) => {
    expect(octets).toEqual(new Uint8Array(lengths[index] ?? 0).fill(index & 0xff));
  });
});

test('ok/a copy stays when what it is of changes', () => {
  const octets = Uint8Array.of(1, 2, 3);
  const copy = shortLivedCopy(octets);
  octets.fill(0);
  expect(copy).toEqual(Uint8Array.of(1, 2, 3));
});
