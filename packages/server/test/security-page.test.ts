/** SECURITY.md names a test for each threat: the tests are there, and every room is. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const rows = readFileSync(`${project}SECURITY.md`, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, -1))
  .filter((cells) => cells.at(-1)?.trim() !== 'test');

test('ok/the tests that stand beside the threats are there', () => {
  const files = globSync('packages/*/{src,test}/**/*.test.ts', { cwd: project });
  const there = new Set(files.map((file) => basename(file, '.test.ts')));
  const threats = rows.filter(([first = '', second = '']) => /\([STRIDE, ]+\)/.test(first + second));
  const named = threats.flatMap((cells) => [...(cells.at(-1) ?? '').matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  expect(threats.length).toBeGreaterThan(20);
  for (const threat of threats) expect(threat.at(-1), threat.join('|')).toContain('`');
  expect(named.filter((name) => !there.has(name ?? ''))).toEqual([]);
});

test('ok/no room is left out', () => {
  const rooms = ['rcp', 'pcp', 'cps', 'ccp', 'pki', 'keys', 'revocation', 'outgoing', 'access', 'approvals', 'events'];
  const first = rows.map(([cell = '']) => cell).join();
  expect(rooms.filter((room) => !first.includes(`\`${room}\``))).toEqual([]);
});
