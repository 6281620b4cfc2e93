import { describe, expect, test } from 'vitest';
import { readName } from '../src/certificates/name.ts';
import { DerReader } from '../src/der/reader.ts';
import { encodeDer, oid, raw, sequence, setOf, text } from '../src/der/writer.ts';
import { attributeOf, commonNameOf, formatName, formatRfc4514, makeName, namesEqual } from '../src/index.ts';

const root = makeName([
  { type: 'C', value: 'DE' },
  { type: 'O', value: 'Plugpool GmbH' },
  { type: 'DC', value: 'V2G' },
  { type: 'CN', value: 'V2G Root CA G2' },
]);

type Attribute = readonly [type: string, tag: number, value: string];

function parsed(...rdns: readonly (readonly Attribute[])[]) {
  const der = sequence(
    ...rdns.map((rdn) => setOf(...rdn.map(([type, tag, value]) => sequence(oid(type), text(tag, value))))),
  );
  return readName(new DerReader(encodeDer(der)), 'name');
}

describe('names', () => {
  test('ok/written, read, shown as the references show them', () => {
    expect(readName(new DerReader(root.der), 'name')).toEqual(root);
    expect(formatName(root)).toBe('CN=V2G Root CA G2, DC=V2G, O=Plugpool GmbH, C=DE');
    expect(formatRfc4514(root)).toBe('CN=V2G Root CA G2,DC=V2G,O=Plugpool GmbH,C=DE');
    expect(commonNameOf(root)).toBe('V2G Root CA G2');
    expect(attributeOf(root, 'OU')).toBeUndefined();
  });

  test('ok/shown in the same order however the certificate has it', () => {
    const turned = parsed([['2.5.4.3', 0x0c, 'Leaf']], [['2.5.4.6', 0x13, 'DE']], [['2.5.4.10', 0x0c, 'A, B']]);
    expect(formatName(turned)).toBe('CN=Leaf, O=A\\, B, C=DE');
    expect(formatRfc4514(turned)).toBe('O=A\\, B,C=DE,CN=Leaf');
  });

  test('ok/several values in one RDN, unknown types, values that are no string', () => {
    const odd = parsed([
      ['2.5.4.3', 0x0c, '#1 '],
      ['1.2.3', 0x13, 'x'],
    ]);
    expect(formatRfc4514(odd)).toBe('1.2.3=x+CN=\\#1\\ ');
    const bits = encodeDer(sequence(setOf(sequence(oid('2.5.4.45'), raw(Uint8Array.of(3, 2, 0, 1))))));
    expect(formatName(readName(new DerReader(bits), 'name'))).toBe('2.5.4.45=#03020001');
  });

  test('ok/equal without regard to string type, case and blanks, and to nothing else', () => {
    const same = parsed(
      [['2.5.4.6', 0x13, 'de']],
      [['2.5.4.10', 0x0c, ' PLUGPOOL  gmbh ']],
      [['0.9.2342.19200300.100.1.25', 0x16, 'v2g']],
      [['2.5.4.3', 0x0c, 'V2G Root CA G2']],
    );
    expect(namesEqual(root, same)).toBe(true);
    const oneRdn = parsed([
      ['2.5.4.6', 0x13, 'DE'],
      ['2.5.4.10', 0x13, 'Plugpool GmbH'],
      ['0.9.2342.19200300.100.1.25', 0x16, 'V2G'],
      ['2.5.4.3', 0x13, 'V2G Root CA G2'],
    ]);
    expect(namesEqual(root, oneRdn)).toBe(false);
    const place: Attribute = ['2.5.4.7', 0x13, 'Berlin'];
    const organisation: Attribute = ['2.5.4.10', 0x13, 'Berlin'];
    expect(namesEqual(parsed([place], [organisation]), parsed([place, organisation]))).toBe(false);
    expect(namesEqual(root, parsed([['2.5.4.6', 0x13, 'DE']]))).toBe(false);
    expect(namesEqual(root, makeName([{ type: 'CN', value: 'V2G Root CA G2' }]))).toBe(false);
  });

  test.each([
    ['C', 'DEU'],
    ['C', ''],
    ['CN', ''],
    ['DC', 'Ü'],
    ['serialNumber', 'a@b'],
    ['CN', '\ud800'],
  ] as const)('refused/%s=%s', (type, value) => {
    expect(() => makeName([{ type, value }])).toThrow(RangeError);
  });
});
