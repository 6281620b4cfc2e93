import { ExiError } from '../errors.ts';
import type { ComplexGrammar, Field, State } from './grammar.ts';
import { offers } from './offers.ts';

export type Message = Readonly<Record<string, unknown>>;

/** `value` as a message object, or an error that says what it is instead. */
export function messageIn(value: unknown): Message {
  if (isMessage(value)) return value;
  const got = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value;
  throw new ExiError('invalid-value', `${got} where an object with the fields of the type must be`);
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/**
 * The code of the production that the message takes in `state`: the first one whose field has something left to write.
 * `taken` counts what has been written of each list.
 */
export function nextCode(state: State, message: Message, taken: readonly number[]): number {
  const { productions } = state;
  for (let code = 0; code < productions.length; code++) {
    const production = productions[code];
    if (production === undefined || production.event === 'end') return code;
    if (production.event === 'unsupported') continue;
    const { key, list } = production.field;
    const value = message[key];
    if (value !== undefined && (list < 0 || (taken[list] ?? 0) < listOf(value, key).length)) return code;
  }
  const expected = offers(state);
  throw new ExiError('missing-field', 'a required field is missing', { expected });
}

export function listOf(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ExiError('invalid-value', `${key} is ${typeof value}, but may occur several times: a list is wanted`);
}

/**
 * Fails when the message has fields that found no place. `written` is the number of fields that were written whole;
 * only when it does not explain all that is there, a second look tells which field it is and why.
 */
export function checkAllPlaced(grammar: ComplexGrammar, message: Message, written: number): void {
  let present = 0;
  for (const _ in message) present++;
  if (present !== written) explainUnplaced(grammar, message);
}

function explainUnplaced(grammar: ComplexGrammar, message: Message): void {
  const { seen, taken } = placedFields(grammar, message);
  for (const key of Object.keys(message)) {
    const value = message[key];
    if (value === undefined) continue;
    const field = grammar.fields.get(key);
    if (field === undefined) {
      const expected = [...grammar.fields.keys()];
      throw new ExiError('unknown-field', `no field ${JSON.stringify(key)} in this type`, { expected });
    }
    if (!seen.has(field) && !isEmptyList(field, value)) {
      throw new ExiError('conflicting-field', `${key} excludes or is excluded by another field that is there`);
    }
    const count = taken[field.list] ?? 0;
    if (field.list >= 0 && count < listOf(value, key).length) {
      throw new ExiError('too-many-occurrences', `${key} may occur ${count} times`);
    }
  }
}

function placedFields(grammar: ComplexGrammar, message: Message): { seen: Set<Field>; taken: number[] } {
  const seen = new Set<Field>();
  const taken = [...grammar.noneTaken];
  for (let state = grammar.start; ; ) {
    const production = state.productions[nextCode(state, message, taken)];
    if (production?.event !== 'field') return { seen, taken };
    const { field } = production;
    seen.add(field);
    if (field.list >= 0) taken[field.list] = (taken[field.list] ?? 0) + 1;
    state = production.next();
  }
}

function isEmptyList(field: Field, value: unknown): boolean {
  return field.list >= 0 && listOf(value, field.key).length === 0;
}
