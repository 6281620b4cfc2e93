import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from './json-body.ts';

const octets = (text: string) => Buffer.from(text, 'utf8');

describe('readJson', () => {
  test('ok/what JSON.parse reads, whatever its texts hold', () => {
    const depthSize = 'medium';
    const names = fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__' && name !== 'constructor');
    const texts = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ' '));
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize, maxDepth: 6 },
        fc.constantFrom('"', '\\', '\\"', '":', '{"a":', null, true, 0, -1.5e300),
        texts,
        fc.array(tie('json')),
        fc.dictionary(
          names.map((name) => name.replaceAll('\0', ' ')),
          tie('json'),
          { noNullPrototype: true },
        ),
      ),
    }));
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(readJson(octets(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('ok/nothing at all', () => {
    expect(readJson(new Uint8Array(0))).toBeUndefined();
    expect(readJson(octets(' \r\n\t '))).toBeUndefined();
  });

  test.each([
    ['twice, with an escaped quote between', '{"a\\"":1,"a\\\\":2,"a\\"":3}', 'body : has the field "a\\"" twice'],
    ['twice, blanks before the colon', '{"a" :1,"a"\n:2}', 'body : has the field "a" twice'],
    [
      'half a character',
      '["\\ud83d\\ude00\\ud83d"]',
      'body : has text with half of a surrogate pair, or with the character U+0000',
    ],
    [
      'no JSON, with the place',
      '{"a":1,}',
      'body : is not valid JSON: Expected double-quoted property name in JSON at position 7 (line 1 column 8)',
    ],
  ])('fail/%s', (_title, text, message) => {
    expect(() => readJson(octets(text))).toThrow(expect.objectContaining({ errorMessages: [message] }));
  });

  test('ok/the same name in different objects, and as a value', () => {
    expect(readJson(octets('{"a":{"a":"a"},"b":[{"a":1},{"a":"a"}],"c":"a"}'))).toEqual({
      a: { a: 'a' },
      b: [{ a: 1 }, { a: 'a' }],
      c: 'a',
    });
  });
});
