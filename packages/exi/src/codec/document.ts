import type { BitReader } from '../bits/bit-reader.ts';
import { ExiError } from '../errors.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import type { ElementGrammar } from '../grammar/grammar.ts';
import { messageIn } from '../grammar/placing.ts';
import { entryNamed, type NameEntry, type NameTable, setGrammarOf } from '../grammar/set-grammar.ts';
import type { Type } from '../schema/particles.ts';
import type { DocumentOf, SchemaSet } from '../schema/schema-set.ts';
import { readContent } from './decoder.ts';
import { writeContent } from './encoder.ts';
import { type DecodeOptions, readStream, writeStream } from './stream.ts';

/**
 * The EXI stream of a document: an object with one key, the local name of a global element of `set`.
 * Throws ExiError with the path of what does not fit the schema. Length facets are not enforced.
 */
export function encode<S extends SchemaSet>(set: S, document: DocumentOf<S>): Uint8Array {
  return writeStream((writer, trail) => {
    const { documents } = setGrammarOf(set);
    const [name, value] = rootOf(document);
    const entry = entryNamed(documents, name);
    writer.bits(entry.code, documents.width);
    try {
      writeContent(writer, trail, contentOf(entry), value);
    } catch (error) {
      trail.passedBy(name, -1);
      throw error;
    }
  });
}

/**
 * The document in an EXI stream. Both encodings of empty values are read. Throws ExiError with bit offset and path for
 * anything that is not exactly one document of `set` within the limits.
 */
export function decode<S extends SchemaSet>(set: S, bytes: Uint8Array, options: DecodeOptions = {}): DocumentOf<S> {
  const document = readStream(bytes, options, (reader, trail) => {
    const { documents } = setGrammarOf(set);
    const entry = readDocumentStart(reader, documents);
    const message: Record<string, unknown> = {};
    try {
      message[entry.name] = readContent(reader, trail, contentOf(entry));
    } catch (error) {
      trail.passedBy(entry.name, -1);
      throw error;
    }
    return message;
  });
  return document as DocumentOf<S>;
}

/** The root element that a document begins with. */
export function readDocumentStart(reader: BitReader, { entries, width }: NameTable): NameEntry {
  const code = reader.bits(width);
  const entry = entries[code];
  if (entry !== undefined) return entry;
  if (code === entries.length) throw noName();
  throw new ExiError('unknown-event-code', `no root element has the code ${code}`, { bitOffset: 8 });
}

function noName(): ExiError {
  return new ExiError('unsupported-event', 'a root element of no name in the schemas', { bitOffset: 8 });
}

/** Name and value of a one-key object. */
export function rootOf(document: unknown): [name: string, value: unknown] {
  const message = messageIn(document);
  let name = '';
  let keys = 0;
  for (const key in message) {
    if (message[key] === undefined) continue;
    name = key;
    keys++;
  }
  if (keys === 1) return [name, message[name]];
  const expected = ['one key, the name of the root element'];
  throw new ExiError('invalid-value', `a document with ${keys} keys`, { expected });
}

function contentOf(entry: NameEntry): ElementGrammar {
  entry.content ??= grammarOf(concreteType(entry));
  return entry.content;
}

/** The type of a global element, which is declared once. */
export function concreteType({ types: [type], abstract }: NameEntry): Type {
  if (abstract || type === undefined) throw new ExiError('abstract-element', 'an abstract element');
  return type;
}
