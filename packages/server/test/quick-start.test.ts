/** docs/quick-start.md is run as it is written. */
import { describe, expect, test } from 'vitest';
import {
  type Answer,
  address,
  commandBlocks,
  describeDocument,
  expectAnswer,
  readDocument,
} from './walked-document.ts';

const document = await readDocument('quick-start.md');

test('ok/every step of the seed has commands', () => {
  const steps = commandBlocks(document).flatMap(({ name }) => /^Step (\d)/.exec(name)?.[1] ?? []);
  expect([...new Set(steps)].toSorted()).toEqual(['1', '2', '3', '4', '5']);
  expect(document).toContain(`server=${address}\napi=$server/HubjectWS/webresources/v1\n`);
});

describeDocument('quick-start.md', document);

describe('the comparison itself', () => {
  test.each<[name: string, printed: string, answer: Answer | undefined]>([
    ['another status', '404\n', { language: 'text', text: '201\n' }],
    ['a line more', '201\nmore\n', { language: 'text', text: '201\n' }],
    ['output where none is shown', '201\n', undefined],
    ['no JSON', 'oops\n', { language: 'json', text: '{"a":"…"}' }],
    ['a member more', '{"a":"1","b":"2"}', { language: 'json', text: '{"a":"…"}' }],
    ['a member less', '{}', { language: 'json', text: '{"a":"…"}' }],
    ['another value', '{"a":"x1"}', { language: 'json', text: '{"a":"y…"}' }],
    ['another value among unnamed ones', '{"a":"1","b":"2"}', { language: 'json', text: '{"a":"2","…":"…"}' }],
    ['an element more', '["1","2"]', { language: 'json', text: '["…"]' }],
  ])('fail/%s', (_name, printed, answer) => {
    expect(() => expectAnswer(printed, answer)).toThrow();
  });

  test('fail/an answer that belongs to no commands', () => {
    expect(() => commandBlocks('```json\n{}\n```\n')).toThrow('no commands stand before');
  });
});
