import type { BitWriter } from '../bits/bit-writer.ts';
import { ExiError } from '../errors.ts';
import type { ComplexGrammar, ElementGrammar, Field } from '../grammar/grammar.ts';
import { checkAllPlaced, listOf, messageIn, nextCode } from '../grammar/placing.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import { writeQuickly } from './quick-encoder.ts';
import type { Trail } from './trail.ts';

/**
 * Writes the content of an element behind its SE event, its EE event included. The mirror of `readContent`: what the
 * quick way does not take is written again field by field, whatever order the message has them in, or refused with a
 * reason.
 */
export function writeContent(writer: BitWriter, trail: Trail, grammar: ElementGrammar, value: unknown): void {
  if (grammar.kind === 'simple') {
    writeSimple(writer, grammar.type, value);
    return;
  }
  const from = writer.position;
  if (isWrittenQuickly(writer, trail, grammar, value)) return;
  writer.rewind(from);
  writeComplex(writer, trail, grammar, value, 1);
}

function isWrittenQuickly(writer: BitWriter, trail: Trail, grammar: ComplexGrammar, value: unknown): boolean {
  try {
    return writeQuickly(writer, grammar, value, trail.limit);
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    return false;
  }
}

/** `depth` counts the open elements, this one included. */
function writeComplex(writer: BitWriter, trail: Trail, grammar: ComplexGrammar, value: unknown, depth: number): void {
  if (depth > trail.limit) throw trail.tooDeep();
  const message = messageIn(value);
  const taken = [...grammar.noneTaken];
  let written = 0;
  let state = grammar.start;
  let field: Field | undefined;
  try {
    for (;;) {
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
      state = production.next();
    }
    checkAllPlaced(grammar, message, written);
  } catch (error) {
    if (field !== undefined) trail.passedBy(field.key, field.list < 0 ? -1 : (taken[field.list] ?? 0));
    throw error;
  }
}

function writeField(writer: BitWriter, trail: Trail, field: Field, value: unknown, depth: number): void {
  const { kind, grammar, type } = field;
  if (type !== undefined) {
    if (kind === 'element') writeSimple(writer, type, value);
    else type.write(writer, value);
  } else {
    if (field.abstract) throw new ExiError('abstract-element', 'an abstract element');
    if (grammar.kind === 'complex') writeComplex(writer, trail, grammar, value, depth + 1);
  }
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
