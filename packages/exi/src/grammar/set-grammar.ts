import { ExiError } from '../errors.ts';
import type { AnyAttribute, ComplexType } from '../schema/complex-type.ts';
import { byName, type ElementDeclaration, type Name, type Type } from '../schema/particles.ts';
import { allDeclarations, type SchemaSet } from '../schema/schema-set.ts';
import { codeWidth } from './element-grammar.ts';
import type { ElementGrammar } from './grammar.ts';

/** What a whole schema set adds to the grammars of its types: the names with which a stream can begin. */
export interface SetGrammar {
  /** Roots of documents (EXI 1.0 §8.5.1): the global elements. SE(*) has the code behind the last. */
  readonly documents: NameTable;
  /** Roots of fragments (§8.5.2): every element name of the set. SE(*) and the end of the document follow. */
  readonly fragments: NameTable;
  /** Every attribute name of the set; the element fragment grammar needs them (§8.5.3). */
  readonly attributes: readonly AnyAttribute[];
}

export interface NameTable {
  readonly entries: readonly NameEntry[];
  readonly width: number;
  readonly byLocalName: ReadonlyMap<string, readonly NameEntry[]>;
}

export interface NameEntry extends Name {
  readonly code: number;
  /** The types with which the name is declared; more than one only for fragments. */
  readonly types: readonly Type[];
  readonly abstract: boolean;
  /** The grammar of its content, once it was asked for. */
  content: ElementGrammar | undefined;
}

/** The grammar of a schema set, made once. */
export function setGrammarOf(set: SchemaSet): SetGrammar {
  let grammar = grammars.get(set);
  if (grammar === undefined) {
    const { elements, types } = allDeclarations(set);
    grammar = {
      documents: nameTable(set.elements, 1),
      fragments: nameTable(elements, 2),
      attributes: distinctAttributes(types),
    };
    grammars.set(set, grammar);
  }
  return grammar;
}

/** The entry that a caller names: a local name, or name and URI where the local name alone is not enough. */
export function entryNamed(table: NameTable, name: string | { name: string; uri: string }): NameEntry {
  const local = typeof name === 'string' ? name : name.name;
  const candidates = table.byLocalName.get(local) ?? [];
  const entries =
    typeof name === 'string' ? candidates : candidates.filter(({ namespace }) => namespace.uri === name.uri);
  const [entry] = entries;
  if (entry === undefined) throw new ExiError('unknown-element', `no element ${JSON.stringify(local)} here`);
  if (entries.length > 1) {
    const expected = entries.map(({ namespace }) => namespace.uri);
    throw new ExiError('ambiguous-name', `${local} is in several namespaces`, { expected });
  }
  return entry;
}

const grammars = new WeakMap<SchemaSet, SetGrammar>();

function nameTable(declarations: readonly ElementDeclaration[], others: number): NameTable {
  const entries: NameEntry[] = [];
  const byLocalName = new Map<string, NameEntry[]>();
  for (const [declaration, ...same] of equalNames([...declarations].sort(byName))) {
    const { name, namespace, abstract } = declaration;
    const types = [...new Set([declaration, ...same].map(({ type }) => type))];
    const entry = { name, namespace, abstract, types, code: entries.length, content: undefined };
    entries.push(entry);
    byLocalName.set(name, [...(byLocalName.get(name) ?? []), entry]);
  }
  return { entries, byLocalName, width: codeWidth(entries.length + others - 1) };
}

function distinctAttributes(types: ReadonlySet<ComplexType>): readonly AnyAttribute[] {
  const attributes = [...types].flatMap((type) => type.attributes).sort(byName);
  return equalNames(attributes).map(([attribute]) => attribute);
}

/** Runs of equal names in a sorted list. */
function equalNames<N extends Name>(sorted: readonly N[]): [N, ...N[]][] {
  const runs: [N, ...N[]][] = [];
  for (const name of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && byName(run[0], name) === 0) run.push(name);
    else runs.push([name]);
  }
  return runs;
}
