import type { BitReader } from '../bits/bit-reader.ts';
import { type BitWriter, copied } from '../bits/bit-writer.ts';
import { readContent } from '../codec/decoder.ts';
import { writeContent } from '../codec/encoder.ts';
import { type DecodeOptions, readStream, writeStreamFor } from '../codec/stream.ts';
import type { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import { entryNamed, type NameEntry, type SetGrammar, setGrammarOf } from '../grammar/set-grammar.ts';
import type { Type } from '../schema/particles.ts';
import type { ElementOf, SchemaSet } from '../schema/schema-set.ts';
import { readElementFragment, writeElementFragment } from './element-fragment.ts';
import { typeByDeclaration, typeByValue } from './multi-type.ts';

/** A local name; with its namespace where the set has the name in several. */
export type ElementName = string | { readonly name: string; readonly uri: string };

export interface FragmentOptions {
  /**
   * How to write an element whose name is declared with several types (in ISO 15118 only eMAID of -2): with the element
   * fragment grammar, as EXI 1.0 §8.5.3 says and signatures of conforming stacks digest it, or with the ordinary
   * grammar of its type, as some codecs do.
   */
  readonly multiTypeElement?: 'fragment-grammar' | 'single-type';
}

export interface Fragment {
  readonly name: string;
  readonly uri: string;
  readonly value: unknown;
}

/** The value of a fragment: typed for global elements, whatever the schema says for local ones. */
export type FragmentValue<S, N> = N extends string
  ? [ElementOf<S, N>] extends [never]
    ? unknown
    : ElementOf<S, N>
  : unknown;

/**
 * The EXI stream of one element as a fragment, which is what XML signatures digest. `name` may be any element of the
 * set, global or local.
 */
export function encodeFragment<S extends SchemaSet, const N extends ElementName>(
  set: S,
  name: N,
  value: FragmentValue<S, N>,
  options: FragmentOptions = {},
): Uint8Array {
  return withFragment(set, name, value, copied, options);
}

/**
 * The same for who only looks at the stream, as for a digest: what `use` makes of it. The octets are those of the buffer that
 * was written into, and are others after that.
 */
export function withFragment<S extends SchemaSet, const N extends ElementName, T>(
  set: S,
  name: N,
  value: FragmentValue<S, N>,
  use: (stream: Uint8Array) => T,
  options: FragmentOptions = {},
): T {
  return writeStreamFor(use, (writer, trail) => {
    const grammar = setGrammarOf(set);
    const { fragments } = grammar;
    const entry = entryNamed(fragments, name);
    trail.enter(entry.name, -1);
    writer.bits(entry.code, fragments.width);
    writeRoot(writer, trail, grammar, entry, value, options);
    writer.bits(endCode(grammar), fragments.width);
  });
}

/** The one element in an EXI fragment stream. Limits, options and errors as for `decode`. */
export function decodeFragment(
  set: SchemaSet,
  bytes: Uint8Array,
  options: DecodeOptions & FragmentOptions = {},
): Fragment {
  return readStream(bytes, options, (reader, trail) => {
    const grammar = setGrammarOf(set);
    const entry = readFragmentStart(reader, grammar);
    trail.enter(entry.name, -1);
    const value = readRoot(reader, trail, grammar, entry, options);
    readFragmentEnd(reader, grammar);
    return { name: entry.name, uri: entry.namespace.uri, value };
  });
}

/** The element that a fragment begins with. */
export function readFragmentStart(reader: BitReader, { fragments }: SetGrammar): NameEntry {
  const code = reader.bits(fragments.width);
  const entry = fragments.entries[code];
  if (entry !== undefined) return entry;
  if (code === fragments.entries.length)
    throw new ExiError('unsupported-event', 'an element of no name in the schemas');
  throw new ExiError('unknown-event-code', `no element has the fragment code ${code}`, { bitOffset: 8 });
}

export function readFragmentEnd(reader: BitReader, grammar: SetGrammar): void {
  const { width } = grammar.fragments;
  if (reader.bits(width) === endCode(grammar)) return;
  const bitOffset = reader.position - width;
  throw new ExiError('unsupported-event', 'more than one element', { bitOffset, expected: ['end of fragment'] });
}

/** Behind the names come SE(*) and the end of the document. */
function endCode({ fragments }: SetGrammar): number {
  return fragments.entries.length + 1;
}

function writeRoot(
  writer: BitWriter,
  trail: Trail,
  grammar: SetGrammar,
  entry: NameEntry,
  value: unknown,
  options: FragmentOptions,
): void {
  const type = typeByValue(entry, value);
  if (usesFragmentGrammar(entry, options)) writeElementFragment(writer, grammar, type, value, trail);
  else writeContent(writer, trail, grammarOf(type), value);
}

function readRoot(
  reader: BitReader,
  trail: Trail,
  grammar: SetGrammar,
  entry: NameEntry,
  options: FragmentOptions,
): unknown {
  if (usesFragmentGrammar(entry, options)) return readElementFragment(reader, grammar, entry, trail);
  const type: Type = typeByDeclaration(entry);
  return readContent(reader, trail, grammarOf(type));
}

/** Whether an element is written with the element fragment grammar. */
export function usesFragmentGrammar(entry: NameEntry, options: FragmentOptions): boolean {
  return entry.types.length > 1 && options.multiTypeElement !== 'single-type';
}
