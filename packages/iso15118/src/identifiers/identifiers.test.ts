import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { operatorIdOf, parseEvseid, parseOperatorId, parseSeccid } from './charging-point.ts';
import { emaidCheckDigit } from './check-digit.ts';
import { normaliseEmaid, parseEmaid, parseProviderId, providerIdOf } from './emaid.ts';
import { parseFingerprint } from './fingerprint.ts';
import { IdentifierError } from './identifier-error.ts';
import { parsePcid, parseWmi, wmiOf } from './pcid.ts';

/** Published with the eMI³ explanation of the algorithm and repeated by roaming platforms. */
const publishedCheckDigits = [
  ['NN123ABCDEFGHI', 'T'],
  ['FRXYZ123456789', '2'],
  ['ITA1B2C3E4F5G6', '4'],
  ['ESZU8WOX834H1D', 'R'],
  ['PT73902837ABCZ', 'Z'],
  ['DE83DUIEN83QGZ', 'D'],
  ['DE83DUIEN83ZGQ', 'M'],
  ['DE8AA001234567', '0'],
  ['DE8AACA2B3C4D5', 'L'],
  ['NLTNM000122045', 'U'],
] as const;

const upper = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const alphanumerics = [...'0123456789', ...upper];
const text = (characters: readonly string[], minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...characters), { minLength, maxLength }).map((all) => all.join(''));
const emaid = (min: number, max: number) =>
  fc.tuple(text(upper, 2, 2), text(alphanumerics, min - 2, max - 2)).map((parts) => parts.join(''));

describe('EMAID', () => {
  test.each(publishedCheckDigits)('ok/check digit of %s is %s', (first14, digit) => {
    expect(emaidCheckDigit(first14)).toBe(digit);
    expect(parseEmaid(first14 + digit)).toBe(first14);
    expect(normaliseEmaid(first14 + digit)).toBe(first14 + digit);
  });

  test.each([
    ['DE-8AA-CA2B3C4D5-L', 'DE8AACA2B3C4D5'],
    ['de-8aa-ca2b3c4d5', 'DE8AACA2B3C4D5'],
    ['DE8AACA2B3C4D5M', 'DE8AACA2B3C4D5M'],
    ['DE-8AA-CA2B3C4D5-M', 'DE8AACA2B3C4D5M'],
    ['DE8AA0123456789012345678901234567890', 'DE8AA0123456789012345678901234567890'],
  ])('ok/%s is the contract %s', (written, identity) => {
    expect(parseEmaid(written)).toBe(identity);
    expect(providerIdOf(parseEmaid(written))).toBe('DE8AA');
  });

  test.each([
    ['empty', ''],
    ['too short', 'DE8AACA2B3C4D'],
    ['too long', `DE8AA${'1'.repeat(32)}`],
    ['digit in the country', 'D18AACA2B3C4D5'],
    ['underscore', 'DE8AACA2B3C4_5'],
    ['separator elsewhere', 'DE8-AACA2B3C4D5'],
    ['separator at the end', 'DE8AACA2B3C4D5-'],
    ['line end', 'DE8AACA2B3C4D5\n'],
    ['letter whose upper case is ASCII', 'DE8AACA2B3C4Dı'],
    ['a megabyte', 'D'.repeat(1 << 20)],
  ])('refused/%s', (_reason, written) => {
    expect(() => parseEmaid(written)).toThrow(IdentifierError);
  });

  test('property/right check digit changes nothing, and parsing twice changes nothing', () => {
    fc.assert(
      fc.property(emaid(14, 14), (first14) => {
        const identity = parseEmaid(first14);
        expect(parseEmaid(first14 + emaidCheckDigit(first14))).toBe(identity);
        expect(parseEmaid(`${first14.slice(0, 2)}-${first14.slice(2, 5)}-${first14.slice(5)}`.toLowerCase())).toBe(
          identity,
        );
      }),
    );
    fc.assert(
      fc.property(emaid(14, 36), (written) => {
        expect(parseEmaid(parseEmaid(written))).toBe(parseEmaid(written));
      }),
    );
  });

  test('property/one wrong character or two exchanged neighbours give another check digit', () => {
    fc.assert(
      fc.property(emaid(14, 14), fc.nat(13), fc.constantFrom(...alphanumerics), (first14, at, character) => {
        const changed = first14.slice(0, at) + character + first14.slice(at + 1);
        const swapped = first14.slice(0, at) + (first14[at + 1] ?? '') + first14.charAt(at) + first14.slice(at + 2);
        for (const other of [changed, swapped]) {
          expect(emaidCheckDigit(other) === emaidCheckDigit(first14)).toBe(other === first14);
        }
      }),
    );
  });

  test('property/any text is an EMAID or an IdentifierError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (written) => {
        try {
          expect(parseEmaid(written)).toMatch(/^[A-Z]{2}[A-Z0-9]{12,34}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(IdentifierError);
        }
      }),
    );
  });
});

describe('other identifiers', () => {
  test('ok/PCID in any case, WMI in front', () => {
    const pcid = parsePcid('wmioem1234567890x');
    expect(pcid).toBe('WMIOEM1234567890X');
    expect(wmiOf(pcid)).toBe(parseWmi('wMi'));
    expect(parsePcid('WMIOEM1234567890XY')).toHaveLength(18);
  });

  test('ok/EVSEID and SECCID name their operator', () => {
    expect(operatorIdOf(parseEvseid('de*ice*E45B*78C'))).toBe('DEICE');
    expect(operatorIdOf(parseEvseid('DEICEE45B'))).toBe('DEICE');
    expect(operatorIdOf(parseSeccid('DE-ICE-S-00003C4D557878675645330967543476-2'))).toBe('DEICE');
    expect(operatorIdOf(parseSeccid('DE*ICE*S0001'))).toBe(parseOperatorId('de*ice'));
    expect(parseProviderId('de-8aa')).toBe('DE8AA');
  });

  test('ok/fingerprint in any case', () => {
    expect(parseFingerprint('AB'.repeat(32))).toBe('ab'.repeat(32));
  });

  test.each([
    ['pcid', () => parsePcid('WMIOEM1234567890')],
    ['pcid', () => parsePcid('WMIOEM123456789-X')],
    ['pcid', () => parsePcid('WMIOEM1234567890XYZ')],
    ['wmi', () => parseWmi('WM')],
    ['evseid', () => parseEvseid('DE*ICE*X1')],
    ['evseid', () => parseEvseid('DE*ICE*E')],
    ['evseid', () => parseEvseid(`DE*ICE*E${'1'.repeat(31)}`)],
    ['seccid', () => parseSeccid('DE*ICE*E1')],
    ['seccid', () => parseSeccid('DE*ICE*S-')],
    ['operator-id', () => parseOperatorId('DEICE1')],
    ['provider-id', () => parseProviderId('D88AA')],
    ['fingerprint', () => parseFingerprint('ab'.repeat(31))],
    ['fingerprint', () => parseFingerprint(`${'ab'.repeat(31)}xy`)],
  ] as const)('refused/%s in another form', (kind, parse) => {
    expect(parse).toThrow(expect.objectContaining({ name: 'IdentifierError', kind }));
  });
});
