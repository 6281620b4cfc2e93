import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import type { Packed } from './packed.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

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
  /** For types of small values: what the quick codec has to know of them. */
  readonly packed?: Packed;
  read(reader: BitReader): V;
  write(writer: BitWriter, value: unknown): void;
  /** The XML Schema lexical form. */
  format(value: unknown): string;
  parse(text: string): V;
  toJson(value: unknown): JsonValue;
  fromJson(json: unknown): V;
}
