import type { BitReader } from '../bits/bit-reader.ts';
import { ExiError } from '../errors.ts';
import type { ComplexGrammar, ElementGrammar, Field, RecordGrammar } from '../grammar/element-grammar.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import { emptyOf, readEscape, readSimpleEscape } from './escape.ts';
import type { Trail } from './trail.ts';

type Message = Record<string, unknown>;

/** Reads the content of an element behind its SE event, its EE event included. The mirror of `writeContent`. */
export function readContent(reader: BitReader, trail: Trail, grammar: ElementGrammar): unknown {
  return grammar.kind === 'simple' ? readSimple(reader, grammar.type) : readComplex(reader, trail, grammar, 1);
}

/** `depth` counts the open elements, this one included. */
function readComplex(reader: BitReader, trail: Trail, grammar: ComplexGrammar, depth: number): Message {
  if (depth > trail.limit) throw trail.tooDeep();
  const message: Message = {};
  let state = grammar.start;
  let field: Field | undefined;
  try {
    for (;;) {
      const { first } = state;
      if (first !== undefined) {
        const value = first.field.framed?.read(reader, state.width + 1);
        if (value !== undefined) {
          message[first.field.key] = value;
          state = first.after ?? first.next();
          continue;
        }
      }
      field = undefined;
      const production = state.productions[reader.bits(state.width)];
      if (production === undefined) {
        const escaped = readEscape(reader, state);
        if (escaped?.type === undefined) continue;
        field = escaped;
        message[field.key] = emptyOf(reader, escaped.type);
        return message;
      }
      if (production.event !== 'field') {
        if (production.event === 'end') return message;
        throw new ExiError('unsupported-event', production.what, { bitOffset: reader.position - state.width });
      }
      field = production.field;
      if (field.list < 0) message[field.key] = readField(reader, trail, field, depth);
      else readEntry(reader, trail, field, message, depth);
      state = production.after ?? production.next();
    }
  } catch (error) {
    if (field !== undefined) trail.passedBy(field.key, indexIn(message, field));
    throw error;
  }
}

function readField(reader: BitReader, trail: Trail, field: Field, depth: number): unknown {
  const { type, grammar, framed } = field;
  if (framed !== undefined) {
    const value = framed.read(reader, 1);
    if (value !== undefined) return value;
  }
  if (type !== undefined) return field.kind === 'element' ? readSimple(reader, type) : type.read(reader);
  if (field.abstract) throw new ExiError('abstract-element', 'an abstract element', { bitOffset: reader.position });
  if (grammar.kind === 'simple') return undefined;
  return (grammar.record && readRecord(reader, grammar.record)) ?? readComplex(reader, trail, grammar, depth + 1);
}

/** Undefined, with nothing read, where it is not that simple: the long way then finds out what is there instead. */
function readRecord(reader: BitReader, { first, second, third, make }: RecordGrammar): Message | undefined {
  const { position } = reader;
  try {
    const one = readRequired(reader, first);
    const two = second && readRequired(reader, second);
    const three = third && readRequired(reader, third);
    const whole = one !== undefined && two !== undefined && (three !== undefined || third === undefined);
    if (whole && reader.bit() === 0) return make(one, two, three);
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
  }
  reader.unread(reader.position - position);
  return undefined;
}

/** The element that must come, SE and EE included; undefined where there is another event. */
function readRequired(reader: BitReader, type: SimpleType<unknown>): unknown {
  const value = type.framed?.read(reader, 2);
  if (value !== undefined) return value;
  if (reader.bits(2) !== 0) return undefined;
  const long = type.read(reader);
  return reader.bit() === 0 ? long : undefined;
}

function readEntry(reader: BitReader, trail: Trail, field: Field, message: Message, depth: number): void {
  const known = message[field.key];
  if (!Array.isArray(known)) {
    message[field.key] = [readField(reader, trail, field, depth)];
    return;
  }
  if (known.length >= reader.limits.occurrences) throw reader.overLimit('entries', reader.limits.occurrences);
  known.push(readField(reader, trail, field, depth));
}

function readSimple(reader: BitReader, type: SimpleType<unknown>): unknown {
  while (reader.bit() === 1) if (readSimpleEscape(reader, type)) return emptyOf(reader, type);
  const value = type.read(reader);
  if (reader.bit() === 0) return value;
  throw new ExiError('unsupported-event', 'schema deviation behind a value', { bitOffset: reader.position - 1 });
}

/** The place of the entry that is being read, -1 where there is no list. */
function indexIn(message: Message, { key, list }: Field): number {
  if (list < 0) return -1;
  const known = message[key];
  return Array.isArray(known) ? known.length : 0;
}
