/**
 * Second-level events: what EXI lets an element have besides what its type says (EXI 1.0 §8.5.4.4.1, strict = false,
 * nothing preserved). The escape code of a state comes first, then one of these in as few bits as tell them apart.
 */
export type SecondLevelEvent =
  | 'end of element'
  | 'xsi:type'
  | 'xsi:nil'
  | 'undeclared attribute'
  | 'attribute with an untyped value'
  | 'undeclared element'
  | 'text of no type';

/** Where in its element a state is: before everything, behind attributes only, or behind text or elements. */
export type Place = 'start' | 'attributes' | 'content';

/** The second-level events of a state in the order of their codes; `ends` when EE has a first-level code already. */
export function secondLevelOf(place: Place, ends: boolean): readonly SecondLevelEvent[] {
  return EVENTS[place].slice(ends ? 1 : 0);
}

export function secondLevelWidth(events: readonly SecondLevelEvent[]): number {
  return 32 - Math.clz32(events.length - 1);
}

const CONTENT = ['undeclared element', 'text of no type'] as const;
const ATTRIBUTES = ['undeclared attribute', 'attribute with an untyped value', ...CONTENT] as const;

const EVENTS: Readonly<Record<Place, readonly SecondLevelEvent[]>> = {
  start: ['end of element', 'xsi:type', 'xsi:nil', ...ATTRIBUTES],
  attributes: ['end of element', ...ATTRIBUTES],
  content: ['end of element', ...CONTENT],
};
