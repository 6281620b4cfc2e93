import type { Framed, SimpleType } from '../primitives/simple-type.ts';
import type { ComplexType } from '../schema/complex-type.ts';
import type { Name, Particle, Type } from '../schema/particles.ts';
import { Content, type First } from './content.ts';
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
  readonly record: RecordGrammar | undefined;
}

/** The quick way through a type that is a `record`: its values in order, then EE. */
export interface RecordGrammar {
  readonly first: SimpleType<unknown>;
  readonly second: SimpleType<unknown> | undefined;
  readonly third: SimpleType<unknown> | undefined;
  readonly keys: readonly string[];
  readonly make: (first: unknown, second: unknown, third: unknown) => Record<string, unknown>;
}

/** One key of a message object. */
export interface Field {
  readonly kind: 'attribute' | 'element' | 'text';
  readonly key: string;
  /** What XML calls it; text has no name. */
  readonly name: Name | undefined;
  readonly grammar: ElementGrammar;
  /** Its type where that is a simple one, and the quick way to read and write an element of it, if there is one. */
  readonly type: SimpleType<unknown> | undefined;
  readonly framed: Framed<unknown> | undefined;
  /** Position among the fields that are lists, -1 where the value stands alone. */
  readonly list: number;
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
  /** The production of code 0, where that is an element that stands alone and has a quick way. */
  readonly first: FieldProduction | undefined;
  /** The code of each field, in states with many before any is written. */
  readonly byKey: ReadonlyMap<string, number> | undefined;
}

export type Production = FieldProduction | EndProduction | UnsupportedProduction;

/** AT, SE or CH: a field of the message object. */
export interface FieldProduction {
  readonly event: 'field';
  readonly field: Field;
  readonly what: undefined;
  /** The state behind this event, once `next` has made it. */
  after: State | undefined;
  readonly next: () => State;
}

export interface EndProduction {
  readonly event: 'end';
  readonly field: undefined;
  readonly what: undefined;
  readonly after: undefined;
  readonly next: undefined;
}

/** SE(*) or CH of mixed content. */
export interface UnsupportedProduction {
  readonly event: 'unsupported';
  readonly field: undefined;
  readonly what: string;
  readonly after: undefined;
  readonly next: undefined;
}

/** Bits for a state with `productions` first-level productions and an escape. */
export function codeWidth(productions: number): number {
  return 32 - Math.clz32(productions);
}

/** The grammar of a type, made once. */
export function grammarOf(type: Type): ElementGrammar {
  let grammar = grammars.get(type);
  if (grammar === undefined) {
    grammar = type.kind === 'simple' ? { kind: 'simple', type } : complexGrammar(type);
    grammars.set(type, grammar);
  }
  return grammar;
}

const grammars = new WeakMap<Type, ElementGrammar>();

function complexGrammar(type: ComplexType): ComplexGrammar {
  const fields = fieldsOf(type);
  const states = new Map<Content, State>();
  const stateOf = (content: Content, place: Place): State => {
    let state = states.get(content);
    if (state === undefined) {
      state = stateFrom(content, place, type.mixed, fields, stateOf);
      states.set(content, state);
    }
    return state;
  };
  const lists = [...fields.values()].filter((field) => field.list >= 0);
  return {
    kind: 'complex',
    start: stateOf(Content.of(type), 'start'),
    noneTaken: lists.map(() => 0),
    fields,
    record: recordOf(type, [...fields.values()]),
  };
}

function recordOf({ make }: ComplexType, [first, second, third]: readonly Field[]): RecordGrammar | undefined {
  if (make === undefined || first?.type === undefined) return undefined;
  const keys = [first, second, third].flatMap((field) => (field === undefined ? [] : [field.key]));
  return { first: first.type, second: second?.type, third: third?.type, keys, make: make as RecordGrammar['make'] };
}

function stateFrom(
  content: Content,
  place: Place,
  mixed: boolean,
  fields: ReadonlyMap<string, Field>,
  stateOf: (content: Content, place: Place) => State,
): State {
  const { firsts, complete } = content.firsts();
  const productions: Production[] = [];
  for (const first of firsts) {
    const field = fields.get(keyOf(first));
    if (field === undefined) continue;
    const production: FieldProduction = {
      event: 'field',
      field,
      what: undefined,
      after: undefined,
      next: () => (production.after ??= stateOf(first.after, first.what === 'attribute' ? 'attributes' : 'content')),
    };
    productions.push(production);
  }
  const attributeOutstanding = firsts.some((first) => first.what === 'attribute' && first.attribute.required);
  if (firsts.some((first) => first.what === 'wildcard')) productions.push(unsupported('any element'));
  if (complete) productions.push(END);
  if (mixed && !attributeOutstanding) productions.push(unsupported('text between elements'));
  return {
    productions,
    width: codeWidth(productions.length),
    place,
    ends: complete,
    first: firstOf(productions),
    byKey: keysOf(productions, place),
  };
}

/** All productions have the same properties in the same order: engines then read them without asking which it is. */
const END: EndProduction = { event: 'end', field: undefined, what: undefined, after: undefined, next: undefined };

function unsupported(what: string): UnsupportedProduction {
  return { event: 'unsupported', field: undefined, what, after: undefined, next: undefined };
}

/** Event code, CH, integer and EE are written as one number of at most 24 bits. */
const MOST_BESIDE_FRAMED = 14;

function firstOf([production, ...others]: readonly Production[]): FieldProduction | undefined {
  if (production?.event !== 'field' || others.length > MOST_BESIDE_FRAMED) return undefined;
  const { framed, list } = production.field;
  return framed !== undefined && list < 0 ? production : undefined;
}

/** With fewer, asking the message for each field in turn is quicker than asking for its keys. */
const MANY_PRODUCTIONS = 6;

function keysOf(productions: readonly Production[], place: Place): ReadonlyMap<string, number> | undefined {
  if (productions.length < MANY_PRODUCTIONS || place !== 'start') return undefined;
  if (productions.some(({ field }) => field !== undefined && field.list >= 0)) return undefined;
  return new Map(productions.flatMap(({ field }, code) => (field === undefined ? [] : [[field.key, code]])));
}

/** Simple content has no name of its own in a message. */
const TEXT_KEY = 'value';

function keyOf(first: First): string {
  switch (first.what) {
    case 'attribute':
      return first.attribute.name;
    case 'element':
      return first.element.name;
    case 'text':
      return TEXT_KEY;
    case 'wildcard':
      return '';
  }
}

type FieldFacts = Pick<Field, 'kind' | 'name' | 'grammar' | 'abstract'>;

function fieldsOf(type: ComplexType): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  let lists = 0;
  const add = (key: string, { kind, name, grammar, abstract }: FieldFacts, many: boolean): void => {
    const known = fields.get(key);
    if (known !== undefined && known.kind !== kind) throw new TypeError(`${key} is attribute and element at once`);
    if (known !== undefined) return;
    const type = grammar.kind === 'simple' ? grammar.type : undefined;
    const framed = kind === 'element' ? type?.framed : undefined;
    fields.set(key, { kind, key, name, grammar, type, framed, list: many ? lists++ : -1, abstract });
  };
  const visit = (particle: Particle, many: boolean): void => {
    switch (particle.kind) {
      case 'element': {
        const { name, abstract } = particle;
        add(name, { kind: 'element', name: particle, grammar: grammarOf(particle.type), abstract }, many);
        return;
      }
      case 'sequence':
      case 'choice':
        for (const part of particle.particles) visit(part, many);
        return;
      case 'substitution-group':
        for (const member of particle.members) visit(member, many);
        return;
      case 'repeated':
        visit(particle.particle, many || particle.max > 1);
        return;
      case 'wildcard':
        return;
    }
  };
  for (const attribute of type.attributes) {
    const grammar = grammarOf(attribute.type);
    add(attribute.name, { kind: 'attribute', name: attribute, grammar, abstract: false }, false);
  }
  if (type.text !== undefined) {
    add(TEXT_KEY, { kind: 'text', name: undefined, grammar: grammarOf(type.text), abstract: false }, false);
  }
  for (const particle of type.particles) visit(particle, false);
  return fields;
}
