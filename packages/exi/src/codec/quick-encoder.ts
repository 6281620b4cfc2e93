import type { BitWriter } from '../bits/bit-writer.ts';
import type { ComplexGrammar, Field, State } from '../grammar/grammar.ts';
import { isMessage, type Message } from '../grammar/placing.ts';
import type { Packed } from '../primitives/packed.ts';

/**
 * Writes the content of an element whose fields are in the order of the schema, as they are when they were decoded or
 * written down by somebody who reads the schema: then each field is one look at the message, and none that is absent is
 * asked for. False where it is not so, or anything is wrong; what has been written is thrown away then, and
 * `writeContent` writes it again and finds out. `room` is how many more elements may be open.
 */
export function writeQuickly(writer: BitWriter, grammar: ComplexGrammar, value: unknown, room: number): boolean {
  if (room === 0 || grammar.repeatsGroups || typeof value !== 'object' || value === null) return false;
  const message = value as Message;
  let state = grammar.start;
  for (const key in message) {
    const item = message[key];
    if (item === undefined) continue;
    const { width } = state;
    const code = state.first?.key === key ? 0 : codeOf(state, key);
    const production = code === 0 ? state.first : state.productions[code];
    if (production?.field === undefined) return false;
    if (production.many) {
      const after = writeList(writer, state, key, item, room);
      if (after === undefined) return false;
      state = after;
    } else {
      const { packed } = production;
      const written = packed !== undefined && writePacked(writer, packed, item, code, width);
      if (!written && !writeField(writer, production.field, item, code, width, room)) return false;
      state = production.after ?? production.next();
    }
  }
  if (state.end < 0 || (state === grammar.start && !isMessage(value))) return false;
  writer.bits(state.end, state.width);
  return true;
}

/** The code of the field in this state; that of the first one need not be looked for. */
function codeOf({ productions, byKey }: State, key: string): number {
  if (byKey !== undefined) return byKey.get(key) ?? -1;
  for (let code = 1; code < productions.length; code++) if (productions[code]?.key === key) return code;
  return -1;
}

/** The state behind the last entry. */
function writeList(writer: BitWriter, start: State, key: string, list: unknown, room: number): State | undefined {
  if (!Array.isArray(list)) return undefined;
  let state = start;
  for (let index = 0; index < list.length; index++) {
    const code = state.first?.key === key ? 0 : codeOf(state, key);
    const production = code === 0 ? state.first : state.productions[code];
    if (production?.field === undefined) return undefined;
    if (!writeField(writer, production.field, list[index], code, state.width, room)) return undefined;
    state = production.after ?? production.next();
  }
  return state;
}

/** Event code of the field and all that follows up to the next one. */
function writeField(
  writer: BitWriter,
  { complex, write, inElement }: Field,
  value: unknown,
  code: number,
  width: number,
  room: number,
): boolean {
  if (complex !== undefined) {
    writer.bits(code, width);
    return writeQuickly(writer, complex, value, room - 1);
  }
  if (write === undefined) return false;
  if (!inElement) {
    writer.bits(code, width);
    write(writer, value);
  } else {
    writer.bits(code << 1, width + 1);
    write(writer, value);
    writer.bits(0, 1);
  }
  return true;
}

/** Event code, CH, a small value and EE as one number of at most 24 bits. False, with nothing written, for others. */
function writePacked(writer: BitWriter, packed: Packed, value: unknown, code: number, before: number): boolean {
  const { grouped, width, min, max, indexes } = packed;
  if (indexes !== undefined) {
    const index = indexes.get(value);
    if (index === undefined) return false;
    writer.bits((code << (width + 2)) | (index << 1), before + width + 2);
    return true;
  }
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) return false;
  if (!grouped) {
    writer.bits((code << (width + 2)) | ((value - min) << 1), before + width + 2);
    return true;
  }
  const events = (code << (1 + width)) | (value < 0 ? 1 : 0);
  const magnitude = value < 0 ? -value - 1 : value;
  if (magnitude < 0x80) {
    writer.bits((events << 9) | (magnitude << 1), before + width + 10);
  } else {
    const groups = 0x8000 | ((magnitude & 0x7f) << 8) | (magnitude >>> 7);
    writer.bits((events << 17) | (groups << 1), before + width + 18);
  }
  return true;
}
