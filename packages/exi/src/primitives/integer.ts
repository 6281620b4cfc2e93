import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import { packedGroups, packedNumber } from './packed.ts';
import type { SimpleType } from './simple-type.ts';
import { readBigUnsigned, readUnsigned, writeBigUnsigned, writeUnsigned } from './unsigned.ts';

export interface IntegerType extends SimpleType<number> {
  readonly min: number;
  readonly max: number;
}

export interface BigIntegerType extends SimpleType<bigint> {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

/**
 * An integer whose bounds fit in 53 bits. The bounds choose the encoding (EXI 1.0 §7.1.5): at most 4,096 values are
 * n-bit numbers counted from `min`, otherwise `min >= 0` is an Unsigned Integer and the rest has a sign bit first.
 */
export function integer(min: number, max: number): IntegerType {
  const values = max - min + 1;
  const name = `integer ${min}..${max}`;
  const check = (value: number): number => {
    if (value >= min && value <= max) return value;
    throw new ExiError('out-of-range', `${value} is not an ${name}`);
  };
  const accept = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongKind(name, value);
    return check(value);
  };
  const width = 32 - Math.clz32(values - 1);
  const few = values <= 4096;
  const { read, write } = few ? nBitCoding(min, width) : min >= 0 ? unsigned : signed;
  return {
    kind: 'simple',
    name,
    min,
    max,
    empty: undefined,
    packed: few ? packedNumber(width, min, max) : packedGroups(min, max),
    read: (reader) => check(read(reader)),
    write: (writer, value) => write(writer, accept(value)),
    format: (value) => String(accept(value)),
    parse: (text) => {
      const value = BigInt(integerText(name, text));
      if (value < min || value > max) throw new ExiError('out-of-range', `${value} is not an ${name}`);
      return Number(value);
    },
    toJson: accept,
    fromJson: accept,
  };
}

/** An integer that may need more than 53 bits, so a bigint; absent bounds mean unbounded. JSON has it as a decimal string. */
export function bigInteger(min?: bigint, max?: bigint): BigIntegerType {
  const { read, write } = min !== undefined && min >= 0n ? bigUnsigned : bigSigned;
  const name = `integer ${min ?? ''}..${max ?? ''}`;
  const check = (value: bigint): bigint => {
    if ((min === undefined || value >= min) && (max === undefined || value <= max)) return value;
    throw new ExiError('out-of-range', `${short(String(value))} is not an ${name}`);
  };
  const accept = (value: unknown): bigint => {
    if (typeof value === 'bigint') return check(value);
    throw wrongKind(`${name} (a bigint)`, value);
  };
  const parse = (text: string): bigint => check(BigInt(integerText(name, text)));
  return {
    kind: 'simple',
    name,
    min,
    max,
    empty: undefined,
    read: (reader) => check(read(reader)),
    write: (writer, value) => write(writer, accept(value)),
    format: (value) => String(accept(value)),
    parse,
    toJson: (value) => String(accept(value)),
    fromJson: (json) => {
      if (typeof json === 'string') return parse(json);
      if (typeof json === 'number' && Number.isSafeInteger(json)) return check(BigInt(json));
      throw wrongKind(`${name} as a decimal string`, json);
    },
  };
}

interface Coding<V> {
  read(reader: BitReader): V;
  write(writer: BitWriter, value: V): void;
}

function nBitCoding(min: number, width: number): Coding<number> {
  return {
    read: (reader) => min + reader.bits(width),
    write: (writer, value) => writer.bits(value - min, width),
  };
}

const unsigned: Coding<number> = { read: readUnsigned, write: writeUnsigned };

const signed: Coding<number> = {
  read: (reader) => (reader.bit() === 0 ? readUnsigned(reader) : -readUnsigned(reader) - 1),
  write: (writer, value) => {
    writer.bits(value < 0 ? 1 : 0, 1);
    writeUnsigned(writer, value < 0 ? -value - 1 : value);
  },
};

const bigUnsigned: Coding<bigint> = { read: readBigUnsigned, write: writeBigUnsigned };

const bigSigned: Coding<bigint> = {
  read: (reader) => (reader.bit() === 0 ? readBigUnsigned(reader) : -readBigUnsigned(reader) - 1n),
  write: (writer, value) => {
    writer.bits(value < 0n ? 1 : 0, 1);
    writeBigUnsigned(writer, value < 0n ? -value - 1n : value);
  },
};

/** Longer numbers than any certificate serial or meter value has; the conversion of decimal text is not linear. */
const MAX_DIGITS = 200;

function integerText(name: string, text: string): string {
  const trimmed = text.trim();
  if (trimmed.length > MAX_DIGITS) throw new ExiError('limit-exceeded', `digits over the limit of ${MAX_DIGITS}`);
  if (!/^[+-]?[0-9]+$/.test(trimmed)) throw new ExiError('invalid-value', `"${short(text)}" is not an ${name}`);
  return trimmed.startsWith('+') ? trimmed.slice(1) : trimmed;
}

function wrongKind(name: string, value: unknown): ExiError {
  return new ExiError('invalid-value', `${short(describe(value))} is not an ${name}`);
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : typeof value;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
