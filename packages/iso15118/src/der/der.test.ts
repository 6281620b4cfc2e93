import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DerError, type DerErrorKind } from './der-error.ts';
import { DerReader } from './reader.ts';
import { contextPrimitive, tags } from './tags.ts';
import {
  bitString,
  boolean,
  type DerNode,
  encodeDer,
  namedBits,
  octetString,
  oid,
  raw,
  sequence,
  setOf,
  tagged,
  text,
  time,
  unsignedInteger,
} from './writer.ts';

const reader = (hex: string) => new DerReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const hexOf = (node: DerNode) => Buffer.from(encodeDer(node)).toString('hex');

describe('reader refuses', () => {
  type Case = readonly [DerErrorKind, number, string, string, (der: DerReader) => unknown];
  const cases: readonly Case[] = [
    ['truncated', 0, 'nothing', '', (der) => der.next(undefined, 'x')],
    ['truncated', 1, 'no length', '30', (der) => der.next(undefined, 'x')],
    ['truncated', 0, 'content cut off', '30 02 05', (der) => der.next(undefined, 'x')],
    ['truncated', 1, 'length cut off', '30 82 01', (der) => der.next(undefined, 'x')],
    ['truncated', 0, 'length of 4 GiB', '30 84 ff ff ff ff', (der) => der.next(undefined, 'x')],
    ['truncated', 1, 'length of eight octets', '30 88 00 00 00 00 00 00 00 01', (der) => der.next(undefined, 'x')],
    [
      'truncated',
      2,
      'child longer than its parent',
      '30 02 04 05 00 00 00 00 00',
      (der) => der.enter(tags.sequence, 'x').next(undefined, 'y'),
    ],
    ['indefinite-length', 1, 'indefinite length', '30 80 00 00', (der) => der.next(undefined, 'x')],
    ['non-minimal-length', 1, 'long form of a short length', `30 81 02 05 00`, (der) => der.next(undefined, 'x')],
    [
      'non-minimal-length',
      1,
      'length with a zero in front',
      `30 82 00 80 ${'00'.repeat(128)}`,
      (der) => der.next(undefined, 'x'),
    ],
    ['unsupported-tag', 0, 'tag of two octets', '1f 81 00', (der) => der.next(undefined, 'x')],
    ['unexpected-tag', 0, 'SET for SEQUENCE', '31 00', (der) => der.enter(tags.sequence, 'x')],
    ['trailing-octets', 0, 'octet behind', '05 00 00', (der) => der.finish('x')],
    ['bad-boolean', 0, 'TRUE that is not ff', '01 01 01', (der) => der.readBoolean('x')],
    ['bad-boolean', 0, 'empty', '01 00', (der) => der.readBoolean('x')],
    ['bad-integer', 0, 'empty', '02 00', (der) => der.readInteger('x')],
    ['bad-integer', 0, '00 in front of a positive', '02 02 00 01', (der) => der.readInteger('x')],
    ['bad-integer', 0, 'ff in front of a negative', '02 02 ff 80', (der) => der.readInteger('x')],
    ['bad-integer', 0, 'small number of five octets', '02 05 01 00 00 00 00', (der) => der.readSmallInteger('x')],
    ['bad-integer', 0, 'negative small number', '02 01 ff', (der) => der.readSmallInteger('x')],
    ['bad-oid', 0, 'empty', '06 00', (der) => der.readOid('x')],
    ['bad-oid', 0, 'cut off in an arc', '06 02 2a 86', (der) => der.readOid('x')],
    ['bad-oid', 3, 'padded arc', '06 03 2a 80 01', (der) => der.readOid('x')],
    ['bad-oid', 0, '100 octets', `06 64 ${'01'.repeat(100)}`, (der) => der.readOid('x')],
    ['bad-bit-string', 0, 'empty', '03 00', (der) => der.readBitString('x')],
    ['bad-bit-string', 0, 'eight unused bits', '03 02 08 00', (der) => der.readBitString('x')],
    ['bad-bit-string', 0, 'unused bits of no octet', '03 01 01', (der) => der.readBitString('x')],
    ['bad-bit-string', 0, 'unused bits that are not zero', '03 02 01 01', (der) => der.readBitString('x')],
    ['bad-bit-string', 0, 'no whole octets', '03 02 01 02', (der) => der.readOctetAlignedBits('x')],
    ['bad-string', 0, 'control character', '13 01 07', (der) => der.readText('x')],
    ['bad-string', 0, 'half an UTF-8 character', '0c 01 c3', (der) => der.readText('x')],
    ['bad-string', 0, 'half a BMP character', '1e 01 00', (der) => der.readText('x')],
    ['bad-string', 0, 'half a surrogate pair', '1e 02 d8 00', (der) => der.readText('x')],
    ['unexpected-tag', 0, 'no string', '05 00', (der) => der.readText('x')],
    ['unexpected-tag', 0, 'no time', '05 00', (der) => der.readTime('x')],
    ['bad-time', 0, 'without seconds', timeHex(0x17, '2601010000Z'), (der) => der.readTime('x')],
    ['bad-time', 0, 'of another zone', timeHex(0x17, '260101000000+0100'), (der) => der.readTime('x')],
    ['bad-time', 0, 'with a fraction', timeHex(0x18, '20260101000000.5Z'), (der) => der.readTime('x')],
    ['bad-time', 2, 'with a letter', timeHex(0x17, 'x60101000000Z'), (der) => der.readTime('x')],
    ['bad-time', 0, '30 February', timeHex(0x17, '260230000000Z'), (der) => der.readTime('x')],
    ['bad-time', 0, 'month 13', timeHex(0x17, '261301000000Z'), (der) => der.readTime('x')],
    ['bad-time', 0, 'hour 24', timeHex(0x17, '260101240000Z'), (der) => der.readTime('x')],
  ];
  test.each(cases)('%s at octet %i/%s', (kind, offset, _reason, hex, read) => {
    expect(() => read(reader(hex))).toThrow(expect.objectContaining({ name: 'DerError', kind, offset }));
  });

  test('too-large/65,537 octets', () => {
    expect(() => new DerReader(new Uint8Array(65_537))).toThrow(expect.objectContaining({ kind: 'too-large' }));
  });

  test('too-deep/thirty sequences', () => {
    const nested = Array.from({ length: 30 }).reduce<DerNode>((inner) => sequence(inner), sequence());
    const descend = (der: DerReader): void => {
      if (!der.done) {
        descend(der.enter(tags.sequence, 'level'));
      }
    };
    expect(() => descend(new DerReader(encodeDer(nested)))).toThrow(expect.objectContaining({ kind: 'too-deep' }));
  });

  test('offsets count from the first octet, however deep', () => {
    const der = encodeDer(sequence(sequence(unsignedInteger(1), raw(Uint8Array.of(0x01, 0x01, 0x01)))));
    const inner = new DerReader(der).enter(tags.sequence, 'a').enter(tags.sequence, 'b');
    inner.readSmallInteger('c');
    expect(() => inner.readBoolean('d')).toThrow('DER at octet 7: d is neither 00 nor ff');
  });
});

describe('reader and writer', () => {
  test.each([
    ['1.2.840.10045.3.1.7', '06082a8648ce3d030107'],
    ['2.999.3', '0603883703'],
    ['0.9.2342.19200300.100.1.25', '060a0992268993f22c640119'],
    ['2.25.329800735698586629295641978511506172918', '06146983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776'],
  ])('ok/object identifier %s', (dotted, expected) => {
    expect(hexOf(oid(dotted))).toBe(expected);
    expect(reader(expected).readOid('x')).toBe(dotted);
  });

  test.each([
    ['1950-01-01T00:00:00Z', timeHex(0x17, '500101000000Z')],
    ['2049-12-31T23:59:59Z', timeHex(0x17, '491231235959Z')],
    ['2050-01-01T00:00:00Z', timeHex(0x18, '20500101000000Z')],
    ['2024-02-29T12:00:00Z', timeHex(0x17, '240229120000Z')],
    ['9999-12-31T23:59:59Z', timeHex(0x18, '99991231235959Z')],
  ])('ok/time %s', (iso, hex) => {
    expect(hexOf(time(Date.parse(iso)))).toBe(hex);
    expect(reader(hex).readTime('x')).toBe(Date.parse(iso));
  });

  test.each([Date.UTC(1949, 11, 31), Date.UTC(10_000, 0, 1), Number.NaN])('refused/time %d', (instant) => {
    expect(() => time(instant)).toThrow(RangeError);
  });

  test.each([
    ['00', '020100'],
    ['0000', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['000001', '020101'],
    ['ff00', '020300ff00'],
  ])('ok/unsigned integer %s', (digits, hex) => {
    expect(hexOf(unsignedInteger(Buffer.from(digits, 'hex')))).toBe(hex);
  });

  test('ok/named bits without zeros at the end, sorted sets, lengths of one to three octets', () => {
    expect(hexOf(namedBits([0, 4]))).toBe('03020388');
    expect(hexOf(namedBits([5, 6]))).toBe('03020106');
    expect(hexOf(namedBits([8]))).toBe('0303070080');
    expect(hexOf(namedBits([]))).toBe('030100');
    expect(hexOf(setOf(unsignedInteger(2), unsignedInteger(1)))).toBe('3106020101020102');
    for (const length of [127, 128, 255, 256, 65_000]) {
      const der = encodeDer(octetString(raw(new Uint8Array(length))));
      expect(new DerReader(der).readOctetString('x')).toHaveLength(length);
    }
    expect(hexOf(tagged(contextPrimitive(6), raw(new Uint8Array(70_000)))).slice(0, 10)).toBe('8683011170');
  });

  test.each([
    ['UTF8String', tags.utf8String, 'Ünï © 😀'],
    ['PrintableString', tags.printableString, "V2G Root CA (G2)'"],
    ['IA5String', tags.ia5String, 'a@b.example'],
  ])('ok/%s', (_name, tag, value) => {
    expect(new DerReader(encodeDer(text(tag, value))).readText('x')).toBe(value);
  });

  test('ok/T61 as Latin-1, BMP', () => {
    expect(reader('14 02 dc 62').readText('x')).toBe('Üb');
    expect(reader('1e 04 00 dc 00 62').readText('x')).toBe('Üb');
  });

  test('property/whatever is written is read', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(0x7fffffff),
        fc.date({ min: new Date('1950-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (flag, octets, number, date) => {
          const written = sequence(
            boolean(flag),
            unsignedInteger(octets),
            unsignedInteger(number),
            bitString(octets),
            time(date.getTime()),
          );
          const der = new DerReader(encodeDer(written));
          const content = der.enter(tags.sequence, 'all');
          der.finish('all');
          expect(content.readBoolean('flag')).toBe(flag);
          expect(BigInt(`0x0${Buffer.from(content.readInteger('octets')).toString('hex')}`)).toBe(
            BigInt(`0x0${Buffer.from(octets).toString('hex')}`),
          );
          expect(content.readSmallInteger('number')).toBe(number);
          expect(content.readOctetAlignedBits('bits')).toEqual(octets);
          expect(content.readTime('date')).toBe(Math.floor(date.getTime() / 1000) * 1000);
          content.finish('all');
        },
      ),
    );
  });

  test('ok/object identifiers of the same sum stay apart, also where their octets change later', () => {
    const first = Buffer.from('0603551d0f', 'hex');
    expect(new DerReader(first).readOid('x')).toBe('2.5.29.15');
    expect(reader('06 03 55 1c 2e').readOid('x')).toBe('2.5.28.46');
    first.set([0x1c, 0x2e], 3);
    expect(new DerReader(first).readOid('x')).toBe('2.5.28.46');
    expect(reader('06 03 55 1d 0f').readOid('x')).toBe('2.5.29.15');
  });

  test('property/an object identifier is read the same a second time', () => {
    const arc = fc.oneof(fc.nat(127), fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 30n }));
    fc.assert(
      fc.property(fc.nat(39), fc.array(arc, { minLength: 1, maxLength: 4 }), (second, arcs) => {
        const dotted = `1.${second}.${arcs.join('.')}`;
        const hex = hexOf(oid(dotted));
        expect([reader(hex).readOid('x'), reader(hex).readOid('x')]).toEqual([dotted, dotted]);
      }),
    );
  });

  test('ok/texts of any characters', () => {
    for (const value of ['', 'DE8AACA2B3C4D5', 'é', '充電', '🔌']) {
      const der = encodeDer(text(tags.utf8String, value));
      expect(new DerReader(der).readText('text')).toBe(value);
    }
  });

  test('property/random octets end in a DerError or are walked to their end', () => {
    const walk = (der: DerReader): void => {
      while (!der.done) {
        const element = der.next(undefined, 'element');
        if ((element.tag & 0x20) !== 0) {
          walk(der.within(element));
        }
      }
    };
    const likely = fc.oneof(fc.constantFrom(0x30, 0x31, 0xa0, 0x02, 0x80, 0x81, 0, 1, 2, 3, 4), fc.nat(255));
    fc.assert(
      fc.property(fc.array(likely, { maxLength: 60 }), (octets) => {
        try {
          walk(new DerReader(Uint8Array.from(octets)));
        } catch (error) {
          expect(error).toBeInstanceOf(DerError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function timeHex(tag: number, digits: string): string {
  return Buffer.from([tag, digits.length, ...Buffer.from(digits)]).toString('hex');
}
