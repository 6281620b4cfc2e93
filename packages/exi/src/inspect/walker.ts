import type { BitReader } from '../bits/bit-reader.ts';
import { emptyOf, readEscape, readSimpleEscape } from '../codec/escape.ts';
import type { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import type { ComplexGrammar, ElementGrammar, Field, State } from '../grammar/grammar.ts';
import type { SimpleType } from '../primitives/simple-type.ts';
import type { Name } from '../schema/particles.ts';
import type { InspectNode } from './node.ts';

/** A node that is being read. */
export interface OpenNode extends InspectNode {
  bitLength: number;
  eventCode: string;
  value?: unknown;
  readonly children: OpenNode[];
}

/** Told of every production that is taken: the grammar of the element, its state and the code, -1 for the escape. */
export type Observer = (grammar: ElementGrammar, state: State | undefined, code: number) => void;

/**
 * Reads as the decoder does, over the same grammars, and keeps a node for every event instead of a message. It takes the
 * long way throughout: bits one after the other, no shortcuts.
 */
export class Walker {
  readonly reader: BitReader;
  private readonly trail: Trail;
  private readonly observe: Observer;

  constructor(reader: BitReader, trail: Trail, observe: Observer = () => {}) {
    this.reader = reader;
    this.trail = trail;
    this.observe = observe;
  }

  /** Adds a node to `siblings` and lets `read` fill it; what it has when `read` throws stays. */
  node(
    siblings: OpenNode[],
    kind: OpenNode['kind'],
    name: Pick<Name, 'name' | 'namespace'> | string,
    from: number,
    read: (node: OpenNode) => void = () => {},
  ): OpenNode {
    const uri = typeof name === 'string' ? '' : name.namespace.uri;
    const named = { name: typeof name === 'string' ? name : name.name, uri };
    const eventCode = this.digits(from);
    const node: OpenNode = { ...named, kind, bitOffset: from, bitLength: 0, eventCode, children: [] };
    siblings.push(node);
    try {
      read(node);
    } finally {
      node.bitLength = this.reader.position - from;
    }
    return node;
  }

  /** The content of an element behind its SE event, its EE event included. */
  content(node: OpenNode, grammar: ElementGrammar, depth: number): void {
    if (grammar.kind === 'simple') this.simple(node, grammar.type, grammar);
    else this.complex(node, grammar, depth);
  }

  private complex(node: OpenNode, grammar: ComplexGrammar, depth: number): void {
    if (depth > this.trail.limit) throw this.trail.tooDeep();
    const counts = new Map<Field, number>();
    for (let state = grammar.start; ; ) {
      const from = this.reader.position;
      const code = this.reader.bits(state.width);
      const production = state.productions[code];
      if (production === undefined) {
        if (this.escape(node, grammar, state, from)) return;
        continue;
      }
      this.observe(grammar, state, code);
      if (production.event === 'unsupported') {
        throw new ExiError('unsupported-event', production.what, { bitOffset: from });
      }
      if (production.event === 'end') {
        this.node(node.children, 'end', 'EE', from);
        return;
      }
      this.field(node, production.field, from, counts, depth);
      state = production.next();
    }
  }

  private field(parent: OpenNode, field: Field, from: number, counts: Map<Field, number>, depth: number): void {
    const index = counts.get(field) ?? 0;
    this.located(field.key, field.list < 0 ? -1 : index, () => {
      const { limits } = this.reader;
      const kind = field.kind;
      this.node(parent.children, kind, field.name ?? 'CH', from, (node) => {
        if (field.list >= 0 && index >= limits.occurrences) throw this.reader.overLimit('entries', limits.occurrences);
        if (kind !== 'element') {
          node.value = field.type?.read(this.reader);
        } else {
          if (field.abstract) {
            throw new ExiError('abstract-element', 'an abstract element', { bitOffset: this.reader.position });
          }
          this.content(node, field.grammar, depth + 1);
        }
      });
    });
    counts.set(field, index + 1);
  }

  private simple(node: OpenNode, type: SimpleType<unknown>, grammar: ElementGrammar): void {
    const { reader } = this;
    let from = reader.position;
    for (; reader.bit() === 1; from = reader.position) {
      this.observe(grammar, undefined, -1);
      const ends = this.second(node, from, () => readSimpleEscape(reader, type));
      if (!ends) continue;
      node.value = emptyOf(reader, type);
      return;
    }
    this.observe(grammar, undefined, 0);
    const text = this.node(node.children, 'text', 'CH', from, (open) => {
      open.value = type.read(reader);
    });
    node.value = text.value;
    from = reader.position;
    if (reader.bit() === 1) {
      throw new ExiError('unsupported-event', 'schema deviation behind a value', { bitOffset: from });
    }
    this.observe(grammar, undefined, 1);
    this.node(node.children, 'end', 'EE', from);
  }

  /** A second-level event; true when the element ends with it. */
  private escape(node: OpenNode, grammar: ElementGrammar, state: State, from: number): boolean {
    this.observe(grammar, state, -1);
    const text = this.second(node, from, () => readEscape(this.reader, state));
    if (text?.type === undefined) return false;
    const { type, key } = text;
    this.located(key, -1, () => {
      node.value = emptyOf(this.reader, type);
    });
    return true;
  }

  private second<T>(parent: OpenNode, from: number, read: () => T): T {
    const found = read();
    this.node(parent.children, 'second-level', found === undefined || found === false ? 'xsi' : 'EE', from);
    return found;
  }

  /** Runs `action`; an error that leaves it gets the field into its path, as in the decoder. */
  located(key: string, index: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.trail.passedBy(key, index);
      throw error;
    }
  }

  private digits(from: number): string {
    const width = this.reader.position - from;
    return width === 0 || width > 24 ? '' : this.reader.again(width).toString(2).padStart(width, '0');
  }
}
