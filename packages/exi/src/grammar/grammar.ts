import type { BitReader } from '../bits/bit-reader.ts';
import type { BitWriter } from '../bits/bit-writer.ts';
import type { Packed } from '../primitives/packed.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import type { Name } from '../schema/particles.ts';
import type { Place } from './second-level.ts';

/**
 * The grammar of one type: which events may come next and which code each has (EXI 1.0 §8.5.4, non-strict). States are
 * made when they are first reached and kept.
 */
export type ElementGrammar = SimpleGrammar | ComplexGrammar;

/** Content of a simple type: CH, then EE, one bit each. */
export interface SimpleGrammar {
  readonly kind: 'simple';
  readonly type: SimpleType<unknown>;
}

export interface ComplexGrammar {
  readonly kind: 'complex';
  readonly start: State;
  /** One zero for each field that is a list: the counts with which writing starts. */
  readonly noneTaken: readonly number[];
  readonly fields: ReadonlyMap<string, Field>;
  /** Whether a choice or sequence may be repeated, so that fields can take turns. */
  readonly repeatsGroups: boolean;
  /** Makes the message of the values of its fields, for a type that is `made`. */
  readonly make: Make | undefined;
}

export type Make = (first: unknown, second: unknown, third: unknown, fourth: unknown) => Record<string, unknown>;

/** One key of a message object. */
export interface Field {
  readonly kind: 'attribute' | 'element' | 'text';
  readonly key: string;
  /** What XML calls it; text has no name. */
  readonly name: Name | undefined;
  readonly grammar: ElementGrammar;
  /** Its type where that is a simple one; what the quick codec needs of it is at hand, since types differ in shape. */
  readonly type: SimpleType<unknown> | undefined;
  readonly read: ((reader: BitReader) => unknown) | undefined;
  readonly write: ((writer: BitWriter, value: unknown) => void) | undefined;
  /** Its grammar where that is a complex one and the element can occur. */
  readonly complex: ComplexGrammar | undefined;
  readonly inElement: boolean;
  /** Position among the fields that are lists, -1 where the value stands alone. */
  readonly list: number;
  /** Position among the fields that a message can have. */
  readonly slot: number;
  readonly abstract: boolean;
}

export interface State {
  /** First-level productions in the order of their codes; the next code is the escape to the second level. */
  readonly productions: readonly Production[];
  /** Bits of a first-level event code. */
  readonly width: number;
  readonly place: Place;
  /** Whether EE is among the productions. */
  readonly ends: boolean;
  /** The production of code 0, which is taken most. */
  readonly first: Production | undefined;
  /** The code of EE, -1 where the element cannot end. */
  readonly end: number;
  /** The code of each field, in states with many. */
  readonly byKey: ReadonlyMap<string, number> | undefined;
}

export type Production = FieldProduction | EndProduction | UnsupportedProduction;

/** AT, SE or CH: a field of the message object. */
export interface FieldProduction {
  readonly event: 'field';
  readonly field: Field;
  /** For elements of small values that stand alone, in states whose codes leave room for one in a word. */
  readonly packed: Packed | undefined;
  /** Of the field, so that the quick codec finds all that it needs in one place. */
  readonly complex: ComplexGrammar | undefined;
  readonly key: string;
  readonly slot: number;
  readonly many: boolean;
  readonly what: undefined;
  /** The state behind this event, once `next` has made it. */
  after: State | undefined;
  readonly next: () => State;
}

export interface EndProduction {
  readonly event: 'end';
  readonly field: undefined;
  readonly packed: undefined;
  readonly complex: undefined;
  readonly key: undefined;
  readonly slot: undefined;
  readonly many: undefined;
  readonly what: undefined;
  readonly after: undefined;
  readonly next: undefined;
}

/** SE(*) or CH of mixed content. */
export interface UnsupportedProduction {
  readonly event: 'unsupported';
  readonly field: undefined;
  readonly packed: undefined;
  readonly complex: undefined;
  readonly key: undefined;
  readonly slot: undefined;
  readonly many: undefined;
  readonly what: string;
  readonly after: undefined;
  readonly next: undefined;
}
