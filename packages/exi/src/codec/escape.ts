import type { BitReader } from '../bits/bit-reader.ts';
import { ExiError } from '../errors.ts';
import type { Field, State } from '../grammar/grammar.ts';
import { offers } from '../grammar/offers.ts';
import { type Place, type SecondLevelEvent, secondLevelOf, secondLevelWidth } from '../grammar/second-level.ts';
import type { SimpleType } from '../primitives/simple-type.ts';

/**
 * Goes on behind a code that is no production of `state`. Gives the text field of the state when the second-level event
 * is an empty value written as no content, which ends the element, and undefined when the state goes on as it was.
 */
export function readEscape(reader: BitReader, state: State): Field | undefined {
  const { productions, width, place } = state;
  const bitOffset = reader.position - width;
  const expected = offers(state);
  const code = reader.again(width);
  if (code > productions.length)
    throw new ExiError('unknown-event-code', `event code ${code}`, { bitOffset, expected });
  const event = readSecondLevel(reader, place, state.ends);
  if (event === undefined) return undefined;
  const text = productions.find(({ field }) => field?.kind === 'text');
  if (event === 'end of element' && text?.field !== undefined) return text.field;
  throw new ExiError('unsupported-event', told(event), { bitOffset, expected });
}

/** The same in an element of a simple type: true when it ends without a value. */
export function readSimpleEscape(reader: BitReader, type: SimpleType<unknown>): boolean {
  const bitOffset = reader.position - 1;
  const event = readSecondLevel(reader, 'start', false);
  if (event === undefined || event === 'end of element') return event !== undefined;
  throw new ExiError('unsupported-event', told(event), { bitOffset, expected: [type.name] });
}

function told(event: SecondLevelEvent): string {
  if (event === 'xsi:type') return 'xsi:type, and elements of ISO 15118 always have the type they are declared with';
  return `schema deviation: ${event}`;
}

/** The value of an element that ends without one. */
export function emptyOf(reader: BitReader, { empty, name }: SimpleType<unknown>): unknown {
  if (empty !== undefined) return empty;
  throw new ExiError('invalid-value', `no value where a ${name} must be`, { bitOffset: reader.position });
}

/** A second-level event; undefined for one that changes nothing. */
function readSecondLevel(reader: BitReader, place: Place, ends: boolean): SecondLevelEvent | undefined {
  const bitOffset = reader.position;
  const events = secondLevelOf(place, ends);
  const code = reader.bits(secondLevelWidth(events));
  const event = events[code];
  if (event === undefined) {
    throw new ExiError('unknown-event-code', `second-level event code ${code}`, { bitOffset, expected: events });
  }
  if (event !== 'xsi:nil') return event;
  if (reader.bit() === 0) return undefined;
  throw new ExiError('unsupported-event', 'xsi:nil is true, and no element of ISO 15118 may be nil', { bitOffset });
}
