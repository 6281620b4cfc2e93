import { expect, test } from 'vitest';
import { memoryIo } from './memory-io.ts';
import { progressBar } from './progress-bar.ts';

function run(isTty: boolean, total: number, failures: readonly number[] = []): string {
  const io = memoryIo({ isTty });
  let now = 0;
  const bar = progressBar(io, total, () => now);
  for (let done = 1; done <= total; done++) {
    now += 20;
    bar.advance(failures.includes(done));
  }
  bar.finish();
  expect(isTty ? io.err() : io.out()).toBe('');
  return isTty ? io.out() : io.err();
}

test('elsewhere than on a terminal: a line for every tenth', () => {
  const lines = run(false, 200, [3]).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('10 %: 20/200, 50.0/s, 4 s left, 1 failed');
  expect(lines[9]).toBe('100 %: 200/200, 50.0/s, 1 failed');
});

test('few steps skip tenths, and each is told once', () => {
  expect(run(false, 3).match(/\d+ %/g)).toEqual(['33 %', '66 %', '100 %']);
});

test('on a terminal: one line, drawn some ten times a second, full at the end', () => {
  const text = run(true, 100);
  const draws = text.split('\r').slice(1);
  expect(draws.length).toBeGreaterThan(15);
  expect(draws.length).toBeLessThan(25);
  expect(draws.at(-1)).toBe(`${'█'.repeat(30)} 100/100, 50.0/s\u001b[K\n`);
  expect(text.match(/\n/g)).toHaveLength(1);
});

test('the time left is told by what goes on now, not by what was passed over quickly before', () => {
  const io = memoryIo({ isTty: false });
  let now = 0;
  const bar = progressBar(io, 1_000_000, () => now);
  for (let done = 1; done <= 600_000; done++) {
    now += done <= 400_000 ? 0.1 : 1;
    bar.advance(false);
  }
  const lines = io.err().trimEnd().split('\n');
  expect(lines[3]).toBe('40 %: 400000/1000000, 10000.0/s, 60 s left');
  expect(lines[5]).toBe('60 %: 600000/1000000, 1000.0/s, 7 min left');
});
