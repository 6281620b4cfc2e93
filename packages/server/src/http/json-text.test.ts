import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText } from './json-text.ts';

describe('JSON of an answer is what JSON.stringify makes of it', () => {
  const long = 'A+/='.repeat(1_000);

  test.each<[string, unknown]>([
    ['a message', { certificateInstallationRes: long, emaid: 'DE8AACA2B3C4D5', metaData: undefined, n: 1 }],
    ['a long text alone', long],
    ['long texts in a list', [long, { in: long }, `${long}\n`]],
    ['nothing', null],
    ['a quotation mark', { text: `${long}","added":"` }],
    ['a backslash', { text: `${long}\\u0041` }],
    ['a control character', { text: `${long}\u0001` }],
    ['half a surrogate pair', { text: `${long}\ud800` }],
    ['other characters', { text: `${long}充電 🔌\u2028` }],
    ['something that says itself what it is', { text: long, toJSON: () => 'another' }],
    ['a name that objects have', JSON.parse(`{"__proto__": "${long}", "a": 1}`)],
  ])('ok/%s', (_what, payload) => {
    expect(jsonText(payload)).toBe(JSON.stringify(payload));
  });

  test('property/any payload', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary', minLength: 1_000, maxLength: 1_100 }));
    const payload = fc.dictionary(fc.string(), fc.oneof(texts, fc.jsonValue()));
    fc.assert(
      fc.property(payload, (given) => {
        expect(jsonText(given)).toBe(JSON.stringify(given));
      }),
    );
  });
});
