import { concreteType, rootOf } from '../codec/document.ts';
import { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import type { ComplexGrammar, ElementGrammar, Field } from '../grammar/grammar.ts';
import { checkAllPlaced, listOf, messageIn, nextCode } from '../grammar/placing.ts';
import { entryNamed, setGrammarOf } from '../grammar/set-grammar.ts';
import type { Name, Namespace } from '../schema/particles.ts';
import type { DocumentOf, SchemaSet } from '../schema/schema-set.ts';

/**
 * The XML form of a document, one line after the declaration, UTF-8: elements and attributes in the namespaces of the
 * schemas, binary values as base64 or hex as their types say. Throws ExiError with path for what does not fit the
 * schema, and for characters that XML cannot hold.
 */
export function toXml<S extends SchemaSet>(set: S, document: DocumentOf<S>): string {
  const trail = new Trail();
  try {
    const [name, value] = rootOf(document);
    const entry = entryNamed(setGrammarOf(set).documents, name);
    trail.enter(name, -1);
    const writer = new XmlWriter(trail);
    const { attributes, content } = writer.content(grammarOf(concreteType(entry)), value);
    const tag = writer.qualified(entry);
    return `${DECLARATION}<${tag}${writer.declarations()}${attributes}>${content}</${tag}>\n`;
  } catch (error) {
    throw trail.locate(error);
  }
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

interface Parts {
  attributes: string;
  content: string;
}

/** Walks a message as the EXI encoder does, and remembers which namespaces it met. */
class XmlWriter {
  private readonly trail: Trail;
  private readonly namespaces = new Set<Namespace>();

  constructor(trail: Trail) {
    this.trail = trail;
  }

  qualified({ name, namespace }: Name): string {
    if (namespace.uri === '') return name;
    this.namespaces.add(namespace);
    return `${namespace.prefix}:${name}`;
  }

  declarations(): string {
    return [...this.namespaces].map(({ prefix, uri }) => ` xmlns:${prefix}="${escaped(uri)}"`).join('');
  }

  content(grammar: ElementGrammar, value: unknown): Parts {
    if (grammar.kind === 'complex') return this.complex(grammar, value);
    return { attributes: '', content: escaped(grammar.type.format(value)) };
  }

  private complex(grammar: ComplexGrammar, value: unknown): Parts {
    const message = messageIn(value);
    const taken = [...grammar.noneTaken];
    const parts = { attributes: '', content: '' };
    let written = 0;
    for (let state = grammar.start; ; ) {
      const production = state.productions[nextCode(state, message, taken)];
      if (production?.event !== 'field') break;
      const { field } = production;
      if (this.field(field, message[field.key], taken, parts)) written++;
      state = production.next();
    }
    checkAllPlaced(grammar, message, written);
    return parts;
  }

  /** Adds one occurrence of a field and tells whether there are no more of it. */
  private field(field: Field, value: unknown, taken: number[], parts: Parts): boolean {
    const list = field.list < 0 ? [value] : listOf(value, field.key);
    const index = field.list < 0 ? 0 : (taken[field.list] ?? 0);
    this.trail.enter(field.key, field.list < 0 ? -1 : index);
    if (field.abstract) throw new ExiError('abstract-element', 'an abstract element');
    const inner = this.content(field.grammar, list[index]);
    this.trail.leave();
    if (field.list >= 0) taken[field.list] = index + 1;
    if (field.name === undefined) {
      parts.content += inner.content;
    } else if (field.kind === 'attribute') {
      parts.attributes += ` ${this.qualified(field.name)}="${inner.content}"`;
    } else {
      const tag = this.qualified(field.name);
      parts.content += `<${tag}${inner.attributes}>${inner.content}</${tag}>`;
    }
    return index + 1 === list.length;
  }
}

/** Fit for text and attribute values alike; white space that parsers would change is written as references. */
function escaped(text: string): string {
  if (NO_XML_CHARACTER.test(text)) throw new ExiError('invalid-value', 'a character that XML cannot hold');
  return text.replace(/[&<>"\t\n\r]/g, (character) => REFERENCES[character] ?? character);
}

const NO_XML_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};
