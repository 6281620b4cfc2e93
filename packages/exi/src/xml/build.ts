import { concreteType } from '../codec/document.ts';
import { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import type { ElementGrammar, FieldProduction, State } from '../grammar/grammar.ts';
import { offers } from '../grammar/offers.ts';
import { setGrammarOf } from '../grammar/set-grammar.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import type { Name } from '../schema/particles.ts';
import type { DocumentOf, SchemaSet } from '../schema/schema-set.ts';

export interface XmlAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

/**
 * Takes the events of an XML parser, namespaces resolved, and makes the document of them. Every method throws ExiError
 * with the path as soon as something does not fit the schema, or is over the limits: nesting, entries of a list, and
 * characters of local names, values and text together, for which `inputOctets` stands. Comments, processing instructions and
 * entities are the parser's business: let it refuse document types. Declarations of namespaces and `xsi:schemaLocation` may be passed or left out.
 */
export interface XmlDocumentBuilder<D> {
  open(uri: string, local: string, attributes: readonly XmlAttribute[]): void;
  /** Character data, in as many pieces as the parser likes. */
  text(text: string): void;
  close(): void;
  /** The document, once the root element is closed. */
  result(): D;
}

export function xmlDocumentBuilder<S extends SchemaSet>(
  set: S,
  options: { readonly limits?: Partial<Limits> } = {},
): XmlDocumentBuilder<DocumentOf<S>> {
  const limits = { ...defaultLimits, ...options.limits };
  const trail = new Trail(limits.depth);
  const builder = new Builder(set, trail, limits);
  const located = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw trail.locate(error);
    }
  };
  return {
    open: (uri, local, attributes) => located(() => builder.open(uri, local, attributes)),
    text: (text) => located(() => builder.text(text)),
    close: () => located(() => builder.close()),
    result: () => located(() => builder.result() as DocumentOf<S>),
  };
}

type Message = Record<string, unknown>;

/** An element that is open. */
interface Frame {
  readonly key: string;
  /** The list of the parent that the value goes to, -1 where it stands alone. */
  readonly list: number;
  readonly message: Message;
  /** The type of the text when the element has text, else undefined. */
  readonly textType: SimpleType<unknown> | undefined;
  text: string;
  /** Undefined for simple types, which have nothing but text. */
  state: State | undefined;
}

class Builder {
  private readonly set: SchemaSet;
  private readonly trail: Trail;
  private readonly frames: Frame[] = [];
  private readonly limits: Limits;
  private document: Message | undefined;
  private characters = 0;

  constructor(set: SchemaSet, trail: Trail, limits: Limits) {
    this.set = set;
    this.trail = trail;
    this.limits = limits;
  }

  open(uri: string, local: string, attributes: readonly XmlAttribute[]): void {
    this.count(local.length);
    for (const attribute of attributes) this.count(attribute.local.length + attribute.value.length);
    const parent = this.frames.at(-1);
    if (parent === undefined) this.openRoot(uri, local, attributes);
    else this.openChild(parent, uri, local, attributes);
  }

  text(text: string): void {
    this.count(text.length);
    const frame = this.frames.at(-1);
    if (frame?.textType !== undefined) {
      frame.text += text;
    } else if (/\S/.test(text)) {
      throw new ExiError('unsupported-event', 'text where elements are expected', { expected: expectedIn(frame) });
    }
  }

  close(): void {
    const frame = this.frames.pop();
    if (frame === undefined) throw new ExiError('unknown-element', 'the end of an element that was not opened');
    const value = finished(frame);
    this.trail.leave();
    const parent = this.frames.at(-1);
    if (parent === undefined) this.document = { [frame.key]: value };
    else if (frame.list < 0) parent.message[frame.key] = value;
    else listIn(parent.message, frame.key).push(value);
  }

  result(): Message {
    if (this.document !== undefined && this.frames.length === 0) return this.document;
    throw new ExiError('truncated', 'the document is not complete');
  }

  /** The whole document counts, before any of it is kept. */
  private count(characters: number): void {
    this.characters += characters;
    const limit = this.limits.inputOctets;
    if (this.characters > limit) throw new ExiError('limit-exceeded', `characters of XML over the limit of ${limit}`);
  }

  private openRoot(uri: string, local: string, attributes: readonly XmlAttribute[]): void {
    if (this.document !== undefined) throw new ExiError('unknown-element', 'a second root element');
    const entries = setGrammarOf(this.set).documents.byLocalName.get(local) ?? [];
    const entry = entries.find(({ namespace }) => namespace.uri === uri);
    if (entry === undefined) throw unknownElement(uri, local, undefined);
    this.trail.enter(local, -1);
    this.push(local, -1, grammarOf(concreteType(entry)), attributes);
  }

  private openChild(parent: Frame, uri: string, local: string, attributes: readonly XmlAttribute[]): void {
    const production = parent.state && elementNamed(parent.state, uri, local);
    if (production === undefined) throw unknownElement(uri, local, parent);
    const { field } = production;
    const index = field.list < 0 ? -1 : listIn(parent.message, local).length;
    this.trail.enter(local, index);
    const { occurrences } = this.limits;
    if (index >= occurrences) throw new ExiError('limit-exceeded', `entries over the limit of ${occurrences}`);
    if (field.abstract) throw new ExiError('abstract-element', 'an abstract element');
    parent.state = production.next();
    this.push(local, field.list, field.grammar, attributes);
  }

  private push(key: string, list: number, grammar: ElementGrammar, attributes: readonly XmlAttribute[]): void {
    const given = attributes.filter((attribute) => !isDeclaration(attribute));
    const message: Message = {};
    if (grammar.kind === 'simple') {
      rejectAttributes(given);
      this.frames.push({ key, list, message, textType: grammar.type, text: '', state: undefined });
    } else {
      const state = this.takeAttributes(grammar.start, given, message);
      const textType = textTypeIn(state);
      this.frames.push({ key, list, message, textType, text: '', state });
    }
  }

  /** Attributes come in any order in XML; the grammar has them sorted. */
  private takeAttributes(start: State, given: readonly XmlAttribute[], message: Message): State {
    const left = new Set(given);
    let state = start;
    for (let next = firstGiven(state, left); next !== undefined; next = firstGiven(state, left)) {
      const { production, attribute, type } = next;
      this.trail.enter(attribute.local, -1);
      message[attribute.local] = type.parse(attribute.value);
      this.trail.leave();
      left.delete(attribute);
      state = production.next();
    }
    rejectAttributes([...left]);
    if (
      state.productions.every((production) => production.event === 'field' && production.field.kind === 'attribute')
    ) {
      throw new ExiError('missing-field', 'a required attribute is missing', { expected: offers(state) });
    }
    return state;
  }
}

/** The first attribute, in the order of the grammar, that is among `given`. */
function firstGiven(state: State, given: ReadonlySet<XmlAttribute>) {
  for (const production of state.productions) {
    if (production.event !== 'field' || production.field.kind !== 'attribute') continue;
    const { grammar, name } = production.field;
    const attribute = [...given].find(({ uri, local }) => isNamed(name, uri, local));
    if (attribute !== undefined && grammar.kind === 'simple') return { production, attribute, type: grammar.type };
  }
  return undefined;
}

/** The type of the text that the element has in `state`, when it is one with text. */
function textTypeIn(state: State): SimpleType<unknown> | undefined {
  for (const production of state.productions) {
    if (production.event !== 'field' || production.field.kind !== 'text') continue;
    const { grammar } = production.field;
    if (grammar.kind === 'simple') return grammar.type;
  }
  return undefined;
}

function elementNamed(state: State, uri: string, local: string): FieldProduction | undefined {
  for (const production of state.productions) {
    if (production.event !== 'field' || production.field.kind !== 'element') continue;
    if (isNamed(production.field.name, uri, local)) return production;
  }
  return undefined;
}

function isNamed(name: Name | undefined, uri: string, local: string): boolean {
  return name !== undefined && name.name === local && name.namespace.uri === uri;
}

/** The value of an element that ends here. */
function finished({ state, message, text, textType }: Frame): unknown {
  if (textType !== undefined) {
    const value = textType.parse(text);
    if (state === undefined) return value;
    message['value'] = value;
    return message;
  }
  if (state === undefined || state.productions.some(({ event }) => event === 'end')) return message;
  throw new ExiError('missing-field', 'the element ends too early', { expected: offers(state) });
}

function listIn(message: Message, key: string): unknown[] {
  const known = message[key];
  if (Array.isArray(known)) return known;
  const list: unknown[] = [];
  message[key] = list;
  return list;
}

/** Attributes about the document and not of it. */
function isDeclaration({ uri, local }: XmlAttribute): boolean {
  if (uri === 'http://www.w3.org/2000/xmlns/') return true;
  return uri === SCHEMA_INSTANCE && (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation');
}

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

function rejectAttributes([attribute]: readonly XmlAttribute[]): void {
  if (attribute === undefined) return;
  const { uri, local } = attribute;
  if (uri === SCHEMA_INSTANCE) throw new ExiError('unsupported-event', `xsi:${local}`);
  throw new ExiError('unknown-field', `no attribute ${spelled(uri, local)} here`);
}

function unknownElement(uri: string, local: string, parent: Frame | undefined): ExiError {
  return new ExiError('unknown-element', `no element ${spelled(uri, local)} here`, { expected: expectedIn(parent) });
}

function spelled(uri: string, local: string): string {
  return JSON.stringify(uri === '' ? local : `{${uri}}${local}`);
}

function expectedIn(frame: Frame | undefined): readonly string[] | undefined {
  return frame?.state && offers(frame.state);
}
