import fc from 'fast-check';
import { grammarOf } from '../src/grammar/element-grammar.ts';
import type { ComplexGrammar, ElementGrammar, State } from '../src/grammar/grammar.ts';
import { offers } from '../src/grammar/offers.ts';
import { isMessage } from '../src/grammar/placing.ts';
import { ExiError, encode, encodeFragment, type SchemaSet } from '../src/index.ts';
import { observeDocument, observeFragment } from '../src/inspect/inspect.ts';
import type { Observer } from '../src/inspect/walker.ts';
import type { ComplexType } from '../src/schema/complex-type.ts';
import type { ElementDeclaration, Type } from '../src/schema/particles.ts';
import { allDeclarations } from '../src/schema/schema-set.ts';
import { canOccur, valuesOf } from './arbitraries.ts';
import { fromHex, type Vector } from './vectors.ts';

export interface Coverage {
  readonly total: number;
  readonly taken: number;
  /** What no message takes, as `element: what of the state`. */
  readonly missing: readonly { readonly production: string; readonly why: string }[];
}

/**
 * The productions of a set, and which of them valid messages take: the golden documents, messages generated for every
 * element, and each list at its maximum. States of one type that offer the same are counted once, since a list of 1,024
 * has that many states.
 */
export function productionCoverage(set: SchemaSet, vectors: readonly Vector[]): Coverage {
  const taken = new Set<string>();
  const owners = ownersOf(set);
  const observe: Observer = (grammar, state, code) => taken.add(spelled(owners, grammar, state, code));
  for (const { exiHex } of vectors) observeDocument(set, fromHex(exiHex), observe);
  for (const element of distinctElements(set)) observeElement(set, element, observe);
  const wanted = [...owners.keys()].flatMap((grammar) => productionsOf(set, owners, grammar));
  const missing = wanted.filter(({ production }) => !taken.has(production));
  return { total: wanted.length, taken: wanted.length - missing.length, missing };
}

const SAMPLES = 60;

function observeElement(set: SchemaSet, element: ElementDeclaration, observe: Observer): void {
  const name = { name: element.name, uri: element.namespace.uri };
  const options = { multiTypeElement: 'single-type' } as const;
  const values = fc.sample(valuesOf(element.type), { numRuns: SAMPLES, seed: 11 });
  const fullLists = values.slice(0, 4).flatMap((one) => withFullLists(element.type, one));
  for (const value of sparse(values)) {
    try {
      observeFragment(set, encodeFragment(set, name, value, options), options, observe);
    } catch (error) {
      if (!(error instanceof ExiError)) throw error;
    }
  }
  for (const value of [...values, ...fullLists]) {
    observeFragment(set, encodeFragment(set, name, value, options), options, observe);
    if (set.elements.includes(element)) observeDocument(set, encode(set, { [element.name]: value }), observe);
  }
}

/** What all values have, with one or two more fields or none; not all of these are messages. */
function sparse(values: readonly unknown[]): unknown[] {
  const messages = values.filter(isMessage);
  const fields = Object.entries(Object.assign({}, ...messages));
  const required = fields.filter(([key]) => messages.every((message) => key in message));
  const pairs = fields.flatMap((one, at) => fields.slice(at).map((other) => [one, other]));
  return [[], ...pairs].map((pair) => Object.fromEntries([...required, ...pair]));
}

/** The value with each of its bounded lists filled to the maximum, one at a time. */
function withFullLists(type: Type, value: unknown): unknown[] {
  if (type.kind === 'simple') return [];
  return listsOf(type).flatMap(({ name, type: entry, max }) => {
    const [one] = fc.sample(valuesOf(entry), { numRuns: 1, seed: 5 });
    return [{ ...(value as object), [name]: Array.from({ length: max }, () => one) }];
  });
}

function listsOf({ particles }: ComplexType): { name: string; type: Type; max: number }[] {
  return particles.flatMap((particle) => {
    if (particle.kind !== 'repeated' || particle.max === 1 || particle.particle.kind !== 'element') return [];
    const { name, type } = particle.particle;
    return [{ name, type, max: Number.isFinite(particle.max) ? particle.max : 3 }];
  });
}

/** One declaration for each name that a message can have as a fragment; of a name with several types, each type. */
function distinctElements(set: SchemaSet): ElementDeclaration[] {
  const known = new Map<string, ElementDeclaration>();
  for (const element of allDeclarations(set).elements) {
    const key = `${element.namespace.uri} ${element.name} ${element.type.kind}`;
    if (canOccur(element)) known.set(key, element);
  }
  return [...known.values()];
}

/** The complex grammars of a set, each with the name of an element that has it; one grammar stands for all simple types. */
function ownersOf(set: SchemaSet): Map<ElementGrammar, string> {
  const owners = new Map<ElementGrammar, string>();
  for (const { name, type, abstract } of allDeclarations(set).elements) {
    if (type.kind === 'complex' && !(abstract && owners.has(grammarOf(type)))) {
      if (canOccurAnywhere(set, type)) owners.set(grammarOf(type), name);
    }
  }
  return owners;
}

/** Types that only abstract elements have stand in no message. */
function canOccurAnywhere(set: SchemaSet, type: ComplexType): boolean {
  return allDeclarations(set).elements.some((element) => element.type === type && !element.abstract);
}

function productionsOf(set: SchemaSet, owners: Map<ElementGrammar, string>, grammar: ElementGrammar) {
  if (grammar.kind === 'simple') return [];
  const elements = allDeclarations(set).elements.filter(({ type }) => grammarOf(type) === grammar);
  const needsForeign = elements.some(canOccur) ? undefined : 'inside an element that must hold a foreign one';
  const found = new Map<string, string>();
  for (const state of statesOf(grammar)) {
    for (const [code, production] of state.productions.entries()) {
      const why = production.event === 'field' && production.field.abstract ? 'an abstract element' : production.what;
      found.set(spelled(owners, grammar, state, code), why ?? needsForeign ?? '');
    }
  }
  return [...found].map(([production, why]) => ({ production, why }));
}

function statesOf({ start }: ComplexGrammar): Set<State> {
  const states = new Set([start]);
  for (const state of states) {
    for (const production of state.productions) if (production.event === 'field') states.add(production.next());
  }
  return states;
}

function spelled(owners: Map<ElementGrammar, string>, grammar: ElementGrammar, state: State | undefined, code: number) {
  if (state === undefined) return 'simple content';
  const all = offers(state);
  return `${owners.get(grammar)}: ${all[code] ?? 'escape'} of ${all.join(' | ')}`;
}
