import type { Packed } from '../primitives/packed.ts';
import type { ComplexType } from '../schema/complex-type.ts';
import type { Particle, Type } from '../schema/particles.ts';
import { Content, type First } from './content.ts';
import type {
  ComplexGrammar,
  ElementGrammar,
  EndProduction,
  Field,
  FieldProduction,
  Make,
  Production,
  State,
  UnsupportedProduction,
} from './grammar.ts';
import type { Place } from './second-level.ts';

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
    repeatsGroups: type.particles.some(repeatsGroup),
    make: checkedMake(type, [...fields.values()]),
  };
}

/** What is written down beside a type is held against it, once. */
function checkedMake({ make }: ComplexType, fields: readonly Field[]): Make | undefined {
  if (make === undefined) return undefined;
  const keys = fields.filter(({ slot }) => slot >= 0).map(({ key }) => key);
  const made = (make as (...values: unknown[]) => unknown)(...keys);
  const asStated = JSON.stringify(Object.fromEntries(keys.map((key) => [key, key])));
  if (JSON.stringify(made) !== asStated) throw new TypeError(`${JSON.stringify(made)} is made, not ${asStated}`);
  return make as Make;
}

function repeatsGroup(particle: Particle): boolean {
  switch (particle.kind) {
    case 'sequence':
    case 'choice':
      return particle.particles.some(repeatsGroup);
    case 'repeated':
      return particle.max > 1 ? elementsIn(particle) > 1 : repeatsGroup(particle.particle);
    default:
      return false;
  }
}

function elementsIn(particle: Particle): number {
  switch (particle.kind) {
    case 'sequence':
    case 'choice':
      return particle.particles.reduce((elements, part) => elements + elementsIn(part), 0);
    case 'repeated':
      return elementsIn(particle.particle);
    case 'substitution-group':
      return particle.members.length;
    case 'element':
      return 1;
    case 'wildcard':
      return 0;
  }
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
      packed: firsts.length <= MOST_BESIDE_PACKED ? packedOf(field) : undefined,
      complex: field.complex,
      key: field.key,
      slot: field.slot,
      many: field.list >= 0,
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
    first: productions[0],
    end: productions.indexOf(END),
    byKey: keysOf(productions),
  };
}

/** All productions have the same properties in the same order: engines then read them without asking which it is. */
const NO_FIELD = {
  field: undefined,
  packed: undefined,
  complex: undefined,
  key: undefined,
  slot: undefined,
  many: undefined,
};
const END: EndProduction = { event: 'end', ...NO_FIELD, what: undefined, after: undefined, next: undefined };

function unsupported(what: string): UnsupportedProduction {
  return { event: 'unsupported', ...NO_FIELD, what, after: undefined, next: undefined };
}

/** So that event code, CH, value and EE together are at most 24 bits. */
const MOST_BESIDE_PACKED = 24;

function packedOf({ kind, type, list }: Field): Packed | undefined {
  return kind === 'element' && list < 0 ? type?.packed : undefined;
}

/** With fewer, comparing keys one after the other is quicker. */
const MANY_PRODUCTIONS = 6;

function keysOf(productions: readonly Production[]): ReadonlyMap<string, number> | undefined {
  if (productions.length < MANY_PRODUCTIONS) return undefined;
  return new Map(productions.flatMap(({ key }, code) => (key === undefined ? [] : [[key, code]])));
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
  let slots = 0;
  const add = (key: string, { kind, name, grammar, abstract }: FieldFacts, many: boolean): void => {
    const known = fields.get(key);
    if (known !== undefined && known.kind !== kind) throw new TypeError(`${key} is attribute and element at once`);
    if (known !== undefined) return;
    const type = grammar.kind === 'simple' ? grammar.type : undefined;
    fields.set(key, {
      kind,
      key,
      name,
      grammar,
      type,
      read: type?.read,
      write: type?.write,
      complex: grammar.kind === 'complex' && !abstract ? grammar : undefined,
      inElement: kind === 'element',
      list: many ? lists++ : -1,
      slot: abstract ? -1 : slots++,
      abstract,
    });
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
