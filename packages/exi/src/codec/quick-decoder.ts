import type { BitReader } from '../bits/bit-reader.ts';
import type { ComplexGrammar, Field } from '../grammar/grammar.ts';
import type { Packed } from '../primitives/packed.ts';

type Message = Record<string, unknown>;

/**
 * The content of an element as nearly all are: only events that the schema states, every value there. Undefined for
 * anything else, also for what is broken or over a limit; `readContent` then reads the same again and finds out. So
 * nothing here has to tell errors apart, keep a path or clean up. `room` is how many more elements may be open.
 *
 * A step looks at one word of 25 bits or more: the event code, and for small values also CH, the value and EE.
 */
export function readQuickly(reader: BitReader, grammar: ComplexGrammar, room: number): Message | undefined {
  if (room === 0 || grammar.repeatsGroups) return undefined;
  const { make } = grammar;
  const message: Message = make === undefined ? {} : UNUSED;
  let first: unknown;
  let second: unknown;
  let third: unknown;
  let fourth: unknown;
  let listed = NONE;
  let list: unknown[] = UNUSED_LIST;
  let state = grammar.start;
  for (;;) {
    const word = reader.ahead();
    const { width } = state;
    const code = word >>> (32 - width);
    if (code === state.end) {
      if (!reader.pass(width)) return undefined;
      return make === undefined ? message : make(first, second, third, fourth);
    }
    const production = code === 0 ? state.first : state.productions[code];
    if (production?.field === undefined) return undefined;
    const { packed, complex, slot } = production;
    let value: unknown;
    if (packed !== undefined) value = readPacked(reader, packed, word << width, width);
    if (value === undefined) {
      if (!reader.pass(width)) return undefined;
      value = complex === undefined ? readSimple(reader, production.field) : readQuickly(reader, complex, room - 1);
      if (value === undefined) return undefined;
    }
    state = production.after ?? production.next();
    if (slot === listed) {
      if (list.length >= reader.limits.occurrences) return undefined;
      list.push(value);
      continue;
    }
    if (production.many) {
      list = [value];
      listed = slot;
      value = list;
    }
    if (make === undefined) message[production.key] = value;
    else if (slot === 0) first = value;
    else if (slot === 1) second = value;
    else if (slot === 2) third = value;
    else fourth = value;
  }
}

/** The list that is being read: no slot. */
const NONE = -1;
const UNUSED: Message = Object.freeze({});
const UNUSED_LIST: unknown[] = [];

function readSimple(reader: BitReader, { read, inElement }: Field): unknown {
  if (read === undefined) return undefined;
  if (!inElement) return read(reader);
  if (reader.bit() !== 0) return undefined;
  const value = read(reader);
  return reader.bit() === 0 ? value : undefined;
}

/**
 * CH, the value and EE at the upper end of `content`, behind an event code of `before` bits. Undefined, with nothing
 * read, for anything else than a small value: more groups, other events, a code that no value has.
 */
function readPacked(reader: BitReader, packed: Packed, content: number, before: number): unknown {
  const { grouped, width, min, max, values } = packed;
  if (grouped) return readGroups(reader, packed, content, before);
  const bits = content >>> (30 - width);
  const value = (bits >>> 1) + min;
  if ((bits & 1) !== 0 || content < 0 || value > max || !reader.pass(before + width + 2)) return undefined;
  return values === undefined ? value : values[value];
}

function readGroups(reader: BitReader, { width, min, max }: Packed, content: number, before: number): unknown {
  const groups = content << (1 + width);
  let length = 8;
  let magnitude = groups >>> 24;
  if (groups < 0) {
    length = 16;
    magnitude = ((groups >>> 24) & 0x7f) | ((groups >>> 9) & 0x3f80);
    if ((groups & 0x80_0000) !== 0) return undefined;
  }
  const value = width === 1 && (content & 0x4000_0000) !== 0 ? -magnitude - 1 : magnitude;
  if (content < 0 || groups << length < 0 || value < min || value > max) return undefined;
  return reader.pass(before + width + length + 2) ? value : undefined;
}
