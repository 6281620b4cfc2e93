import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import type { ComplexGrammar, ElementGrammar, Field, RecordGrammar } from '../grammar/element-grammar.ts';
import { checkAllPlaced, listOf, messageIn, nextCode } from '../grammar/placing.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import type { Trail } from './trail.ts';

/** Writes the content of an element behind its SE event, its EE event included. The mirror of `readContent`. */
export function writeContent(writer: BitWriter, trail: Trail, grammar: ElementGrammar, value: unknown): void {
  if (grammar.kind === 'simple') writeSimple(writer, grammar.type, value);
  else writeComplex(writer, trail, grammar, value, 1);
}

/** `depth` counts the open elements, this one included. */
function writeComplex(writer: BitWriter, trail: Trail, grammar: ComplexGrammar, value: unknown, depth: number): void {
  if (depth > trail.limit) throw trail.tooDeep();
  const message = messageIn(value);
  const taken = grammar.noneTaken.length === 0 ? NO_LISTS : grammar.noneTaken.slice();
  let written = 0;
  let state = grammar.start;
  let field: Field | undefined;
  try {
    for (;;) {
      const { first } = state;
      if (first !== undefined) {
        field = first.field;
        const value = message[field.key];
        if (value !== undefined && field.framed?.write(writer, state.width + 1, value) === true) {
          written++;
          state = first.after ?? first.next();
          continue;
        }
      }
      field = undefined;
      const code = nextCode(state, message, taken);
      writer.bits(code, state.width);
      const production = state.productions[code];
      if (production?.event !== 'field') break;
      field = production.field;
      if (field.list < 0) {
        writeField(writer, trail, field, message[field.key], depth);
        written++;
      } else if (writeEntry(writer, trail, field, message[field.key], taken, depth)) {
        written++;
      }
      state = production.after ?? production.next();
    }
    checkAllPlaced(grammar, message, written);
  } catch (error) {
    if (field !== undefined) trail.passedBy(field.key, field.list < 0 ? -1 : (taken[field.list] ?? 0));
    throw error;
  }
}

const NO_LISTS: number[] = [];

function writeField(writer: BitWriter, trail: Trail, field: Field, value: unknown, depth: number): void {
  const { grammar, type, framed } = field;
  if (framed?.write(writer, 1, value) === true) return;
  if (type !== undefined) {
    if (field.kind === 'element') writeSimple(writer, type, value);
    else type.write(writer, value);
  } else {
    if (field.abstract) throw new ExiError('abstract-element', 'an abstract element');
    if (grammar.kind === 'simple') return;
    if (grammar.record === undefined || !writeRecord(writer, trail, grammar.record, value)) {
      writeComplex(writer, trail, grammar, value, depth + 1);
    }
  }
}

/** False, with nothing written, when the message has not just the fields of the record: the long way then says why. */
function writeRecord(writer: BitWriter, trail: Trail, record: RecordGrammar, value: unknown): boolean {
  const message = messageIn(value);
  const { keys, first, second, third } = record;
  const [firstKey = '', secondKey = '', thirdKey = ''] = keys;
  let present = 0;
  for (const _ in message) present++;
  if (present !== keys.length) return false;
  const one = message[firstKey];
  const two = message[secondKey];
  const three = third && message[thirdKey];
  if (one === undefined || (two === undefined && second !== undefined)) return false;
  if (three === undefined && third !== undefined) return false;
  let key = firstKey;
  try {
    writeRequired(writer, first, one);
    key = secondKey;
    if (second !== undefined) writeRequired(writer, second, two);
    key = thirdKey;
    if (third !== undefined) writeRequired(writer, third, three);
  } catch (error) {
    trail.passedBy(key, -1);
    throw error;
  }
  writer.bits(0, 1);
  return true;
}

/** An element that must come, SE and EE included. */
function writeRequired(writer: BitWriter, type: SimpleType<unknown>, value: unknown): void {
  if (type.framed?.write(writer, 2, value) === true) return;
  writer.bits(0, 2);
  type.write(writer, value);
  writer.bits(0, 1);
}

/** Writes the next entry of a list and tells whether it was the last. */
function writeEntry(
  writer: BitWriter,
  trail: Trail,
  field: Field,
  value: unknown,
  taken: number[],
  depth: number,
): boolean {
  const list = listOf(value, field.key);
  const index = taken[field.list] ?? 0;
  writeField(writer, trail, field, list[index], depth);
  taken[field.list] = index + 1;
  return index + 1 === list.length;
}

/** CH even for an empty value: every decoder knows that form. */
function writeSimple(writer: BitWriter, type: SimpleType<unknown>, value: unknown): void {
  writer.bits(0, 1);
  type.write(writer, value);
  writer.bits(0, 1);
}
