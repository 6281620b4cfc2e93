import { concreteType, rootOf } from '../codec/document.ts';
import { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import type { ElementName } from '../fragment/fragment.ts';
import { typeByValue } from '../fragment/multi-type.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import type { ElementGrammar } from '../grammar/grammar.ts';
import { listOf, messageIn } from '../grammar/placing.ts';
import { entryNamed, setGrammarOf } from '../grammar/set-grammar.ts';
import type { JsonValue, SimpleType } from '../primitives/simple-type.ts';
import type { DocumentOf, SchemaSet } from '../schema/schema-set.ts';

/**
 * The JSON form: the message object with binary values as lower-case hex and integers that may need more than 53 bits
 * as decimal strings. Throws ExiError with the path of a field or value that the schema does not have; occurrences are
 * checked when the message is encoded.
 */
export function toJson<S extends SchemaSet>(set: S, document: DocumentOf<S>): JsonValue {
  return convertDocument(set, document, (type, value) => type.toJson(value)) as JsonValue;
}

/** The document in its JSON form: the inverse of `toJson`. Hex may be of either case. */
export function fromJson<S extends SchemaSet>(set: S, json: JsonValue): DocumentOf<S> {
  return convertDocument(set, json, (type, value) => type.fromJson(value)) as DocumentOf<S>;
}

/** The JSON form of the value of any element of the set, as `decodeFragment` gives it. */
export function toJsonFragment(set: SchemaSet, name: ElementName, value: unknown): JsonValue {
  return convertFragment(set, name, value, (type, item) => type.toJson(item)) as JsonValue;
}

/** The inverse of `toJsonFragment`, for `encodeFragment`. */
export function fromJsonFragment(set: SchemaSet, name: ElementName, json: JsonValue): unknown {
  return convertFragment(set, name, json, (type, item) => type.fromJson(item));
}

type Convert = (type: SimpleType<unknown>, value: unknown) => unknown;

function convertDocument(set: SchemaSet, document: unknown, convert: Convert): unknown {
  const trail = new Trail();
  try {
    const [name, value] = rootOf(document);
    const entry = entryNamed(setGrammarOf(set).documents, name);
    trail.enter(name, -1);
    return { [name]: convertContent(grammarOf(concreteType(entry)), value, trail, convert) };
  } catch (error) {
    throw trail.locate(error);
  }
}

function convertFragment(set: SchemaSet, name: ElementName, value: unknown, convert: Convert): unknown {
  const trail = new Trail();
  try {
    const entry = entryNamed(setGrammarOf(set).fragments, name);
    trail.enter(entry.name, -1);
    return convertContent(grammarOf(typeByValue(entry, value)), value, trail, convert);
  } catch (error) {
    throw trail.locate(error);
  }
}

function convertContent(grammar: ElementGrammar, value: unknown, trail: Trail, convert: Convert): unknown {
  if (grammar.kind === 'simple') return convert(grammar.type, value);
  const converted: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(messageIn(value))) {
    if (item === undefined) continue;
    const field = grammar.fields.get(key);
    if (field === undefined) {
      const expected = [...grammar.fields.keys()];
      throw new ExiError('unknown-field', `no field ${JSON.stringify(key)} in this type`, { expected });
    }
    const one = (single: unknown, index: number) => {
      trail.enter(key, index);
      const result = convertContent(field.grammar, single, trail, convert);
      trail.leave();
      return result;
    };
    converted[key] = field.list < 0 ? one(item, -1) : listOf(item, key).map(one);
  }
  return converted;
}
