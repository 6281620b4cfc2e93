import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import { fromBase64, fromHex, toBase64, toHex } from './octet-text.ts';
import type { SimpleType } from './simple-type.ts';
import { readUnsigned, writeUnsigned } from './unsigned.ts';

export interface BinaryFacets {
  /** Exact number of octets. */
  readonly length?: number;
  readonly maxLength?: number;
}

export interface BinaryType extends SimpleType<Uint8Array> {
  readonly facets: BinaryFacets;
}

/** Octets that XML writes as hex. In EXI: their number, then the octets (EXI 1.0 §7.1.1). Length facets as for strings. */
export function hexBinary(facets: BinaryFacets = {}): BinaryType {
  return binary('hexBinary', facets, toHex, fromHex);
}

/** Octets that XML writes as base64; in EXI the same as `hexBinary`. */
export function base64Binary(facets: BinaryFacets = {}): BinaryType {
  return binary('base64Binary', facets, toBase64, fromBase64);
}

function binary(
  name: string,
  facets: BinaryFacets,
  toText: (octets: Uint8Array) => string,
  fromText: (text: string) => Uint8Array | undefined,
): BinaryType {
  const accept = (value: unknown): Uint8Array => {
    if (value instanceof Uint8Array) return value;
    throw new ExiError('invalid-value', `${typeof value} is not a Uint8Array`);
  };
  const decoded = (octets: Uint8Array | undefined, form: string): Uint8Array => {
    if (octets !== undefined) return octets;
    throw new ExiError('invalid-value', `the text is not ${form}`);
  };
  return {
    kind: 'simple',
    name,
    facets,
    get empty() {
      return new Uint8Array();
    },
    read: readBinary,
    write: (writer, value) => writeBinary(writer, accept(value)),
    format: (value) => toText(accept(value)),
    parse: (text) => decoded(fromText(text.replace(/[ \t\r\n]+/g, '')), name),
    toJson: (value) => toHex(accept(value)),
    fromJson: (json) => decoded(typeof json === 'string' ? fromHex(json) : undefined, 'hex'),
  };
}

function readBinary(reader: BitReader): Uint8Array {
  const length = readUnsigned(reader);
  if (length > reader.limits.binaryLength) {
    throw reader.overLimit('octets of a binary value', reader.limits.binaryLength);
  }
  reader.require(length);
  return reader.octets(length);
}

function writeBinary(writer: BitWriter, octets: Uint8Array): void {
  writeUnsigned(writer, octets.length);
  writer.octets(octets);
}
