import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BitReader } from './bit-reader.ts';
import { BitWriter, copied } from './bit-writer.ts';

type Piece = { width: number; value: number } | { octets: Uint8Array } | { ascii: string };

const pieces: fc.Arbitrary<Piece> = fc.oneof(
  fc
    .integer({ min: 0, max: 24 })
    .chain((width) => fc.record({ width: fc.constant(width), value: fc.integer({ min: 0, max: 2 ** width - 1 }) })),
  fc.record({ octets: fc.uint8Array({ maxLength: 200 }) }),
  fc.record({ ascii: fc.string({ maxLength: 150, unit: 'binary-ascii' }) }),
);

function write(written: readonly Piece[]): Uint8Array {
  const writer = new BitWriter();
  for (const piece of written) {
    if ('octets' in piece) writer.octets(piece.octets);
    else if ('ascii' in piece) expect(writer.ascii(piece.ascii, 0)).toBe(piece.ascii.length);
    else writer.bits(piece.value, piece.width);
  }
  return writer.finish(copied);
}

function asBits(piece: Piece): string {
  if ('octets' in piece) return [...piece.octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  if ('ascii' in piece) return asBits({ octets: new TextEncoder().encode(piece.ascii) });
  return piece.width === 0 ? '' : piece.value.toString(2).padStart(piece.width, '0');
}

describe('what is written', () => {
  test('is the bits in order, padded with zeros', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (written) => {
        const bits = written.map(asBits).join('');
        const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
        expect(asBits({ octets: write(written) })).toBe(padded);
      }),
    );
  });

  test('is read back piece by piece', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (written) => {
        const reader = new BitReader(write(written));
        for (const piece of written) {
          if ('octets' in piece) {
            expect(reader.octets(piece.octets.length)).toEqual(piece.octets);
          } else if ('ascii' in piece) {
            let text = '';
            while (text.length < piece.ascii.length) text += reader.ascii(piece.ascii.length - text.length);
            expect(text).toBe(piece.ascii);
          } else {
            expect(reader.bits(piece.width)).toBe(piece.value);
          }
        }
        expect(reader.octetsBehind).toBe(0);
      }),
    );
  });

  test('grows past any capacity', () => {
    const octets = Uint8Array.from({ length: 100_000 }, (_, at) => at);
    const writer = new BitWriter();
    writer.bits(1, 3);
    for (let at = 0; at < octets.length; at += 1000) writer.octets(octets.subarray(at, at + 1000));
    const reader = new BitReader(writer.finish(copied));
    expect(reader.bits(3)).toBe(1);
    expect(reader.octets(octets.length)).toEqual(octets);
  });

  test('is not disturbed by a writer that works meanwhile', () => {
    const outer = new BitWriter();
    outer.bits(5, 3);
    const inner = new BitWriter();
    inner.octets(new Uint8Array(50).fill(0xff));
    inner.finish(copied);
    outer.octet(0);
    expect([...outer.finish(copied)]).toEqual([0b1010_0000, 0]);
  });
});

describe('reading past the end', () => {
  const reads: [name: string, read: (reader: BitReader) => unknown][] = [
    ['bit', (reader) => reader.bit()],
    ['bits', (reader) => reader.bits(5)],
    ['octet', (reader) => reader.octet()],
    ['octets', (reader) => reader.octets(1)],
    ['2^53 octets', (reader) => reader.octets(2 ** 53)],
  ];

  test.each(reads)('truncated/%s', (_, read) => {
    const reader = new BitReader(Uint8Array.of(0xff, 0xff));
    reader.bits(16);
    expect(() => read(reader)).toThrow(expect.objectContaining({ code: 'truncated', bitOffset: 16 }));
    expect(reader.position).toBe(16);
  });
});

test('long values share one buffer and do not overlap', () => {
  const source = Uint8Array.from({ length: 300 }, (_, at) => at * 7);
  const reader = new BitReader(source);
  reader.bits(3);
  const [first, second] = [reader.octets(100), reader.octets(150)];
  expect(first.buffer).toBe(second.buffer);
  const check = new BitReader(source);
  check.bits(3);
  expect([...first, ...second]).toEqual(Array.from({ length: 250 }, () => check.octet()));
});
