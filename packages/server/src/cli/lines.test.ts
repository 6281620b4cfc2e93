import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Line, linesOf, tooLong } from './lines.ts';

async function* chunked(octets: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < octets.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield octets.subarray(at, at + size);
    at += size;
  }
}

async function linesIn(text: string, sizes: readonly number[] = [7], longest = 1000): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of linesOf(chunked(Buffer.from(text), sizes), longest)) lines.push(...batch);
  return lines;
}

test('lines come out as they were put in, however the octets are cut', async () => {
  const line = fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.toWellFormed().replace(/[\r\n]/g, ''));
  const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), sizes, async (lines, cuts) => {
      expect(await linesIn(lines.map((each) => `${each}\n`).join(''), cuts)).toEqual(lines);
    }),
  );
});

test('the last line needs no end, CRLF is one, an empty line is a line', async () => {
  expect(await linesIn('a\r\n\nb')).toEqual(['a', '', 'b']);
  expect(await linesIn('')).toEqual([]);
});

test('a line over the limit is told of once, and the next one is read', async () => {
  expect(await linesIn(`${'x'.repeat(100)}\nshort\n${'y'.repeat(11)}`, [3], 10)).toEqual([tooLong, 'short', tooLong]);
});

test('answers need not wait: a batch comes as soon as its chunk ends a line', async () => {
  const batches: Line[][] = [];
  for await (const batch of linesOf(chunked(Buffer.from('a\nb\nc'), [4, 1]), 10)) batches.push(batch);
  expect(batches).toEqual([['a', 'b'], ['c']]);
});
