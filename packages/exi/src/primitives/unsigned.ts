import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';

/** EXI Unsigned Integer (EXI 1.0 §7.1.6): groups of seven bits, least significant first, high bit = more to come. */
export function readUnsigned(reader: BitReader): number {
  const first = reader.octet();
  return first < 0x80 ? first : readLongUnsigned(reader, first & 0x7f);
}

/** The same where the value may exceed what a number holds exactly. */
export function readBigUnsigned(reader: BitReader): bigint {
  let value = 0n;
  let shift = 0n;
  for (let octets = 0; ; ) {
    let chunk = 0;
    for (let weight = 0; weight < 28; weight += 7) {
      checkOctets(reader, ++octets);
      const octet = reader.octet();
      chunk |= (octet & 0x7f) << weight;
      if (octet < 0x80) return value | (BigInt(chunk) << shift);
    }
    value |= BigInt(chunk) << shift;
    shift += 28n;
  }
}

export function writeUnsigned(writer: BitWriter, value: number): void {
  for (; value >= THREE_GROUPS; value = Math.floor(value / THREE_GROUPS)) {
    const three = value % THREE_GROUPS;
    writer.bits(0x80_8080 | ((three & 0x7f) << 16) | ((three & 0x3f80) << 1) | (three >>> 14), 24);
  }
  if (value < 0x80) {
    writer.bits(value, 8);
  } else if (value < 0x4000) {
    writer.bits(0x8000 | ((value & 0x7f) << 8) | (value >>> 7), 16);
  } else {
    writer.bits(0x80_8000 | ((value & 0x7f) << 16) | ((value & 0x3f80) << 1) | (value >>> 14), 24);
  }
}

export function writeBigUnsigned(writer: BitWriter, value: bigint): void {
  while (value > MAX_SAFE) {
    const chunk = Number(value & 0xfffffffn);
    for (let shift = 0; shift < 28; shift += 7) writer.octet(((chunk >>> shift) & 0x7f) | 0x80);
    value >>= 28n;
  }
  writeUnsigned(writer, Number(value));
}

/** Three groups are what a writer takes at once. */
const THREE_GROUPS = 0x20_0000;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The first four groups are an engine's small integer; the others need arithmetic beyond 32 bits. */
function readLongUnsigned(reader: BitReader, value: number): number {
  let shift = 7;
  for (; shift < 28; shift += 7) {
    checkOctets(reader, shift / 7 + 1);
    const octet = reader.octet();
    value |= (octet & 0x7f) << shift;
    if (octet < 0x80) return value;
  }
  return readLongerUnsigned(reader, value);
}

function readLongerUnsigned(reader: BitReader, value: number): number {
  let weight = 2 ** 28;
  for (let octets = 5; ; octets++) {
    checkOctets(reader, octets);
    const octet = reader.octet();
    const group = octet & 0x7f;
    if (group !== 0) value += group * weight;
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new ExiError('out-of-range', 'integer over 53 bits', { bitOffset: reader.position });
    }
    if (octet < 0x80) return value;
    weight *= 0x80;
  }
}

function checkOctets(reader: BitReader, octets: number): void {
  const limit = reader.limits.integerOctets;
  if (octets > limit) throw reader.overLimit('octets of an integer', limit);
}
