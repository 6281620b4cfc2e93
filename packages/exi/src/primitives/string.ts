import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import type { SimpleType } from './simple-type.ts';
import { readUnsigned, writeUnsigned } from './unsigned.ts';

export interface StringFacets {
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface StringType extends SimpleType<string> {
  readonly facets: StringFacets;
}

/**
 * A string as this profile has it (valuePartitionCapacity 0, so never a string table hit): number of code points + 2,
 * then each code point as Unsigned Integer (EXI 1.0 §7.1.10, §7.3.3). Length facets do not change the encoding and are
 * not enforced: messages in the field break them.
 */
export function stringType(name: string, facets: StringFacets = {}): StringType {
  const accept = (value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new ExiError('invalid-value', `${typeof value} is not a ${name}`);
  };
  return {
    kind: 'simple',
    name,
    facets,
    empty: '',
    read: readString,
    write: (writer, value) => writeString(writer, accept(value)),
    format: accept,
    parse: (text) => text,
    toJson: accept,
    fromJson: accept,
  };
}

export function readString(reader: BitReader): string {
  const length = readUnsigned(reader) - 2;
  if (length < 0) throw new ExiError('unsupported-event', 'string table hit', { bitOffset: reader.position });
  if (length > reader.limits.stringLength) {
    throw reader.overLimit('characters of a string', reader.limits.stringLength);
  }
  let text = '';
  for (let left = length; left > 0; ) {
    reader.require(left);
    const ascii = reader.ascii(left);
    text += ascii;
    left -= ascii.length;
    if (ascii === '') {
      text += readCodePoint(reader);
      left--;
    }
  }
  return text;
}

export function writeString(writer: BitWriter, text: string): void {
  writeUnsigned(writer, codePoints(text) + 2);
  let at = writer.ascii(text, 0);
  while (at < text.length) {
    const codePoint = text.codePointAt(at) ?? 0;
    writeUnsigned(writer, checked(codePoint));
    at = writer.ascii(text, at + (codePoint > 0xffff ? 2 : 1));
  }
}

function readCodePoint(reader: BitReader): string {
  return String.fromCodePoint(checked(readUnsigned(reader)));
}

/** Surrogates are no characters: two of them side by side would come back as one. */
function checked(codePoint: number): number {
  if (codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint > 0xdfff)) return codePoint;
  throw new ExiError('invalid-value', `no character has the code point ${codePoint}`);
}

function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at + 1 < text.length; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      count--;
      at++;
    }
  }
  return count;
}
