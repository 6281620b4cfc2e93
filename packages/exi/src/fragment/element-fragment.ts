import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import type { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import { codeWidth, grammarOf } from '../grammar/element-grammar.ts';
import { checkAllPlaced, messageIn } from '../grammar/placing.ts';
import type { NameEntry, SetGrammar } from '../grammar/set-grammar.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import { readString, writeString } from '../primitives/string.ts';
import type { AnyAttribute, ComplexType } from '../schema/complex-type.ts';
import { byName, type Type } from '../schema/particles.ts';

/**
 * The schema-informed element fragment grammar (EXI 1.0 §8.5.3), which a fragment uses for an element whose name is
 * declared with several types. It knows all names of the schema set and no types: values are strings.
 *
 * First state: every attribute name, AT(*), every element name, SE(*), EE, CH. After an attribute the same state again.
 * After text: every element name, SE(*), EE, CH. Elements inside are not supported; no type of ISO 15118 has any there.
 */
export function writeElementFragment(
  writer: BitWriter,
  grammar: SetGrammar,
  type: Type,
  value: unknown,
  trail: Trail,
): void {
  const codes = codesOf(grammar);
  const text = type.kind === 'simple' ? type.format(value) : writeAttributes(writer, grammar, type, value, trail);
  writer.bits(codes.text, codes.startWidth);
  writeString(writer, text);
  writer.bits(codes.afterTextEnd, codes.afterTextWidth);
}

/** Values come back as the type says that fits: an object when there are attributes, else the plain value. */
export function readElementFragment(reader: BitReader, grammar: SetGrammar, entry: NameEntry, trail: Trail): unknown {
  const codes = codesOf(grammar);
  const attributes = new Map<AnyAttribute, string>();
  for (;;) {
    const code = reader.bits(codes.startWidth);
    const attribute = grammar.attributes[code];
    if (attribute !== undefined && !attributes.has(attribute)) {
      attributes.set(attribute, readString(reader));
    } else if (code === codes.startEnd) {
      return typedValue(entry, attributes, '', trail);
    } else if (code === codes.text) {
      const text = readString(reader);
      if (reader.bits(codes.afterTextWidth) !== codes.afterTextEnd) throw unsupported(reader, codes.afterTextWidth);
      return typedValue(entry, attributes, text, trail);
    } else {
      throw unsupported(reader, codes.startWidth);
    }
  }
}

/** The states differ in whether attributes may come; both end in SE(*), EE, CH and the escape. */
export function codesOf({ attributes, fragments }: SetGrammar) {
  const elements = fragments.entries.length;
  const startEnd = attributes.length + 1 + elements + 1;
  const afterTextEnd = elements + 1;
  return {
    startEnd,
    text: startEnd + 1,
    startWidth: codeWidth(startEnd + 2),
    afterTextEnd,
    afterTextWidth: codeWidth(afterTextEnd + 2),
  };
}

function writeAttributes(
  writer: BitWriter,
  grammar: SetGrammar,
  type: ComplexType,
  value: unknown,
  trail: Trail,
): string {
  const { startWidth } = codesOf(grammar);
  const text = textTypeOf(type);
  const message = messageIn(value);
  let written = 1;
  for (const attribute of type.attributes) {
    const item = message[attribute.name];
    if (item === undefined && !attribute.required) continue;
    writer.bits(codeOf(grammar, attribute), startWidth);
    writeString(writer, formatField(attribute.type, attribute.name, item, trail));
    written++;
  }
  const lexical = formatField(text, 'value', message['value'], trail);
  const elementGrammar = grammarOf(type);
  if (elementGrammar.kind === 'complex') checkAllPlaced(elementGrammar, message, written);
  return lexical;
}

function codeOf({ attributes }: SetGrammar, attribute: AnyAttribute): number {
  return attributes.findIndex((known) => byName(known, attribute) === 0);
}

function formatField(type: SimpleType<unknown>, key: string, value: unknown, trail: Trail): string {
  if (value === undefined) throw new ExiError('missing-field', 'a required field is missing', { expected: [key] });
  trail.enter(key, -1);
  const lexical = type.format(value);
  trail.leave();
  return lexical;
}

function typedValue(
  { types }: NameEntry,
  attributes: ReadonlyMap<AnyAttribute, string>,
  text: string,
  trail: Trail,
): unknown {
  for (const type of types) {
    if (type.kind === 'simple' && attributes.size === 0) return type.parse(text);
    if (type.kind === 'complex' && fits(type, attributes)) return parseFields(type, attributes, text, trail);
  }
  throw new ExiError('unknown-field', 'attributes that no type of this element has');
}

function fits(type: ComplexType, attributes: ReadonlyMap<AnyAttribute, string>): boolean {
  const present = [...attributes.keys()];
  const has = (known: AnyAttribute) => present.some((attribute) => byName(attribute, known) === 0);
  return (
    present.every((attribute) => type.attributes.some((known) => byName(attribute, known) === 0)) &&
    type.attributes.every((known) => !known.required || has(known))
  );
}

function parseFields(
  type: ComplexType,
  attributes: ReadonlyMap<AnyAttribute, string>,
  text: string,
  trail: Trail,
): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const [{ name, type: valueType }, lexical] of attributes) {
    trail.enter(name, -1);
    message[name] = valueType.parse(lexical);
    trail.leave();
  }
  message['value'] = textTypeOf(type).parse(text);
  return message;
}

function textTypeOf({ text }: ComplexType): SimpleType<unknown> {
  if (text !== undefined) return text;
  throw new ExiError('unsupported-event', 'elements inside an element of several types');
}

function unsupported(reader: BitReader, width: number): ExiError {
  const bitOffset = reader.position - width;
  const expected = ['attribute', 'end of element', 'text'];
  return new ExiError('unsupported-event', 'an event of the element fragment grammar', { bitOffset, expected });
}
