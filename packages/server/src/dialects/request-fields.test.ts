import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octetsField } from './request-fields.ts';

function isAccepted(text: string): boolean {
  try {
    octetsField(text, 'field');
    return true;
  } catch {
    return false;
  }
}

describe('base64 in a field', () => {
  test('property/octets come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), (octets) => {
        expect(Uint8Array.from(octetsField(Buffer.from(octets).toString('base64'), 'field'))).toEqual(octets);
      }),
    );
  });

  test.each(['', '=', '====', 'A===', 'AA=A', 'AA==AAAA', 'AAA', 'AAAA=', 'AA-_', 'AA AA', 'AAAA\n', 'AAÀA', 'AA𝔸'])(
    'fail/%j',
    (text) => {
      expect(isAccepted(text)).toBe(false);
    },
  );

  test('property/accepted is what is written in its alphabet, in fours', () => {
    const character = fc.constantFrom(...'AZaz09+/+/AAAA=-_ \n\u00e9\u{1d538}');
    const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const isBase64 = given !== '' && given.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(given);
        expect(isAccepted(given)).toBe(isBase64);
      }),
      { numRuns: 5_000 },
    );
  });
});
