/**
 * Our documents against the facts of the references, operation by operation. What differs is in the tables of
 * docs/dialects.md and nowhere else: a line in backquotes a difference, `*` for anything.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { differencesOf } from './reference/differences.ts';
import { factsIn } from './reference/document-facts.ts';
import { dialectNames, factsOf } from './reference/facts.ts';
import { eachServer } from './running-server.ts';

const listed = listedDifferences();

describe.each(eachServer())('on $kind', ({ start }) => {
  test('ok/the documents differ from the references where docs/dialects.md says so, and nowhere else', async () => {
    const { url } = await start();
    const found: string[] = [];
    for (const dialect of dialectNames) {
      const document: unknown = await (await fetch(`${url}/openapi/${dialect}.json`)).json();
      found.push(...differencesOf(factsOf(dialect), factsIn(document)).map((line) => `${dialect} ${line}`));
    }
    const unlisted = found.filter((line) => !listed.some(({ pattern }) => pattern.test(line)));
    expect(unlisted, `not in docs/dialects.md:\n${unlisted.join('\n')}`).toEqual([]);
    const stale = listed.filter(({ pattern }) => !found.some((line) => pattern.test(line)));
    expect(stale.map(({ text }) => text)).toEqual([]);
  });
});

test('ok/a difference of any kind is seen', () => {
  const facts = factsOf('opnc').slice(0, 3);
  const [first, second, third] = facts;
  if (!first || !second || !third) throw new Error('there are too few facts');
  expect(differencesOf(facts, facts)).toEqual([]);
  const changed = [
    { ...first, parameters: [{ in: 'path', name: 'id', required: true }], deprecated: true, operation: 'other' },
    { ...third, body: { 'application/json': { required: ['a'] } }, answers: { 200: {}, 299: {} } },
    { ...third, method: 'PATCH' },
  ];
  const lines = differencesOf(facts, changed).map((line) => line.replace(/^\w+ \S+: /, ''));
  expect(lines).toEqual(
    expect.arrayContaining([
      'not served',
      'ours',
      'deprecated on one side only',
      'named other here',
      'path rootCertificateId: not known',
      'path id: ours',
      'body application/json: ours',
      'answer 299: ours',
      'answer 404: not given',
      'answer 200 application/json: not known',
    ]),
  );
});

interface Listed {
  readonly text: string;
  readonly pattern: RegExp;
}

function listedDifferences(): Listed[] {
  const page = readFileSync(new URL('../../../docs/dialects.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => {
      const pattern = text.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
      return { text, pattern: new RegExp(`^${pattern.join('.*')}$`) };
    }),
  );
}
