import { BitReader } from '../bits/bit-reader.ts';
import { BitWriter, copied } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import { readHeader, writeHeader } from '../header.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { exiIn } from '../v2gtp.ts';
import { Trail } from './trail.ts';

export interface DecodeOptions {
  /** Overrides single limits of `defaultLimits`. */
  readonly limits?: Partial<Limits>;
  /** Octets behind the end of the stream are ignored instead of being a `trailing-bytes` error. */
  readonly allowTrailing?: boolean;
  /** A V2GTP header before the stream is taken off, if there is one. Bit offsets count from the first bit behind it. */
  readonly v2gtp?: boolean;
}

/** Writes a stream: header, then what `body` writes. Errors leave with path and position. */
export function writeStream(body: (writer: BitWriter, trail: Trail) => void): Uint8Array {
  return writeStreamFor(copied, body);
}

/** The same for `use`, which has the octets of the writer's own buffer. What it throws leaves as it is. */
export function writeStreamFor<T>(use: (stream: Uint8Array) => T, body: (writer: BitWriter, trail: Trail) => void): T {
  const writer = new BitWriter();
  const trail = new Trail();
  try {
    writeHeader(writer);
    body(writer, trail);
  } catch (error) {
    throw trail.locate(error);
  }
  return writer.finish(use);
}

/** Reads a stream: header, what `body` reads, and nothing behind it. Padding bits may have any value. */
export function readStream<T>(
  bytes: Uint8Array,
  options: DecodeOptions,
  body: (reader: BitReader, trail: Trail) => T,
): T {
  const limits = options.limits === undefined ? defaultLimits : { ...defaultLimits, ...options.limits };
  if (bytes.length > limits.inputOctets) throw tooLarge(limits.inputOctets);
  const reader = new BitReader(options.v2gtp === true ? exiIn(bytes, options) : bytes, limits);
  const trail = new Trail(limits.depth);
  try {
    readHeader(reader);
    const result = body(reader, trail);
    if (reader.octetsBehind > 0 && options.allowTrailing !== true) throw trailingOctets(reader.octetsBehind);
    return result;
  } catch (error) {
    throw trail.locate(error, reader.position);
  } finally {
    reader.release();
  }
}

export function trailingOctets(count: number): ExiError {
  return new ExiError('trailing-bytes', `${count} octets behind the end of the message`);
}

function tooLarge(limit: number): ExiError {
  return new ExiError('limit-exceeded', `octets of input over the limit of ${limit}`, { bitOffset: 0 });
}
