import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authorityKinds, formatAuthorityName, lineOf, parseAuthorityName } from './authority-name.ts';
import { curves } from './profiles.ts';

describe('names of authorities', () => {
  test.each([
    ['v2g-root', { kind: 'v2g-root', root: 1, curve: 'secp256r1', generation: 1 }],
    ['oem-sub2-p521', { kind: 'oem-sub2', root: 1, curve: 'secp521r1', generation: 1 }],
    ['cps-sub1-2', { kind: 'cps-sub1', root: 2, curve: 'secp256r1', generation: 1 }],
    ['veh-sub1-12-ed448-g3', { kind: 'veh-sub1', root: 12, curve: 'ed448', generation: 3 }],
    ['cps-signer-g10', { kind: 'cps-signer', root: 1, curve: 'secp256r1', generation: 10 }],
  ])('ok/%s', (text, name) => {
    expect(parseAuthorityName(text)).toEqual(name);
  });

  test.each(['', 'v2g-root-1', 'v2g-root-g1', 'v2g-root-01', 'oem-sub3', 'oem-sub1-p256', 'v2g-root\n', 'x-v2g-root'])(
    'refused/%j',
    (text) => {
      expect(parseAuthorityName(text)).toBeUndefined();
    },
  );

  test('property/what is written is read', () => {
    const name = fc.record({
      kind: fc.constantFrom(...authorityKinds),
      root: fc.integer({ min: 1, max: 9999 }),
      curve: fc.constantFrom(...curves),
      generation: fc.integer({ min: 1, max: 9999 }),
    });
    fc.assert(
      fc.property(name, (value) => {
        expect(parseAuthorityName(formatAuthorityName(value))).toEqual(value);
        expect(parseAuthorityName(lineOf(value))).toEqual({ ...value, generation: 1 });
      }),
    );
  });
});
