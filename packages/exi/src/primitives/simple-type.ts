import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * A value of few bits together with the events around it: `before` zero bits for the events before it, the value, and
 * one zero bit for EE. Codecs try this first; it takes one step where taking the parts one by one takes four.
 */
export interface Framed<V> {
  /** Undefined, with nothing read, where it is not that simple: other events, a long value, a code without value. */
  read(reader: BitReader, before: number): V | undefined;
  /** Tells whether it was written. Throws what `SimpleType.write` throws. */
  write(writer: BitWriter, before: number, value: unknown): boolean;
}

/**
 * A type of values without structure: how one is written as bits, as XML text and as JSON. `V` is what a message holds.
 * Whatever comes in (`write`, `parse`, `fromJson`) is unknown until looked at; what does not fit is an `ExiError`
 * `invalid-value` or `out-of-range`.
 */
export interface SimpleType<V> {
  readonly kind: 'simple';
  /** Name for error messages. */
  readonly name: string;
  /** The value that EXI may also write as "no content", or undefined where a value always has content. */
  readonly empty: V | undefined;
  /** The quick way for values of few bits. */
  readonly framed?: Framed<V>;
  read(reader: BitReader): V;
  write(writer: BitWriter, value: unknown): void;
  /** The XML Schema lexical form. */
  format(value: unknown): string;
  parse(text: string): V;
  toJson(value: unknown): JsonValue;
  fromJson(json: unknown): V;
}
