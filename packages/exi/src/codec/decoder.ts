import type { BitReader } from '../bits/bit-reader.ts';
import { ExiError } from '../errors.ts';
import type { ComplexGrammar, ElementGrammar, Field } from '../grammar/grammar.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import { emptyOf, readEscape, readSimpleEscape } from './escape.ts';
import { readQuickly } from './quick-decoder.ts';
import type { Trail } from './trail.ts';

type Message = Record<string, unknown>;

/**
 * Reads the content of an element behind its SE event, its EE event included. The mirror of `writeContent`. Nearly all
 * messages are read the quick way. What it does not take, valid or not, is read again one event after the other: that
 * knows all of EXI that is admitted, and says what is wrong and where.
 */
export function readContent(reader: BitReader, trail: Trail, grammar: ElementGrammar): unknown {
  if (grammar.kind === 'simple') return readSimple(reader, grammar.type);
  const from = reader.position;
  const quick = quicklyRead(reader, grammar);
  if (quick !== undefined) return quick;
  reader.rewind(from);
  return readComplex(reader, trail, grammar, 1);
}

function quicklyRead(reader: BitReader, grammar: ComplexGrammar): Message | undefined {
  try {
    return readQuickly(reader, grammar, reader.limits.depth);
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    return undefined;
  }
}

/** `depth` counts the open elements, this one included. */
function readComplex(reader: BitReader, trail: Trail, grammar: ComplexGrammar, depth: number): Message {
  if (depth > trail.limit) throw trail.tooDeep();
  const message: Message = {};
  let state = grammar.start;
  let field: Field | undefined;
  try {
    for (;;) {
      field = undefined;
      const production = state.productions[reader.bits(state.width)];
      if (production === undefined) {
        const escaped = readEscape(reader, state);
        if (escaped?.type === undefined) continue;
        field = escaped;
        message[field.key] = emptyOf(reader, escaped.type);
        return message;
      }
      if (production.event === 'end') return message;
      if (production.event === 'unsupported') {
        throw new ExiError('unsupported-event', production.what, { bitOffset: reader.position - state.width });
      }
      field = production.field;
      if (field.list < 0) message[field.key] = readField(reader, trail, field, depth);
      else readEntry(reader, trail, field, message, depth);
      state = production.next();
    }
  } catch (error) {
    if (field !== undefined) trail.passedBy(field.key, indexIn(message, field));
    throw error;
  }
}

function readField(reader: BitReader, trail: Trail, field: Field, depth: number): unknown {
  const { kind, type, grammar } = field;
  if (type !== undefined) return kind === 'element' ? readSimple(reader, type) : type.read(reader);
  if (field.abstract) throw new ExiError('abstract-element', 'an abstract element', { bitOffset: reader.position });
  return grammar.kind === 'simple' ? undefined : readComplex(reader, trail, grammar, depth + 1);
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
