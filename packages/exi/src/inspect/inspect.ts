/** Streams as trees with the place of every bit, for people who want to know what is in them. The codec needs none of it. */

import type { BitReader } from '../bits/bit-reader.ts';
import { concreteType, readDocumentStart } from '../codec/document.ts';
import { type DecodeOptions, readStream } from '../codec/stream.ts';
import type { Trail } from '../codec/trail.ts';
import { ExiError } from '../errors.ts';
import { codesOf, readElementFragment } from '../fragment/element-fragment.ts';
import { type FragmentOptions, readFragmentEnd, readFragmentStart, usesFragmentGrammar } from '../fragment/fragment.ts';
import { typeByDeclaration } from '../fragment/multi-type.ts';
import { grammarOf } from '../grammar/element-grammar.ts';
import { type NameEntry, type SetGrammar, setGrammarOf } from '../grammar/set-grammar.ts';
import { readString } from '../primitives/string.ts';
import type { SchemaSet } from '../schema/schema-set.ts';
import type { Inspection } from './node.ts';
import { type Observer, type OpenNode, Walker } from './walker.ts';

/**
 * The tree of an EXI document, with the bits of every event. Never throws an ExiError: a broken stream gives the tree up
 * to the fault, and the error that `decode` throws for it.
 */
export function inspectDocument(set: SchemaSet, bytes: Uint8Array, options: DecodeOptions = {}): Inspection {
  return inspected(bytes, options, (walker, nodes) => walkDocument(walker, nodes, setGrammarOf(set)));
}

/** The same for a fragment, with the error of `decodeFragment`. */
export function inspectFragment(
  set: SchemaSet,
  bytes: Uint8Array,
  options: DecodeOptions & FragmentOptions = {},
): Inspection {
  return inspected(bytes, options, (walker, nodes, trail) =>
    walkFragment(walker, nodes, trail, setGrammarOf(set), options),
  );
}

/** `inspectFragment` that tells of every production on the way; what coverage is counted with. */
export function observeFragment(
  set: SchemaSet,
  bytes: Uint8Array,
  options: FragmentOptions,
  observe: Observer,
): Inspection {
  const walk: Walk = (walker, nodes, trail) => walkFragment(walker, nodes, trail, setGrammarOf(set), options);
  return inspected(bytes, {}, walk, observe);
}

/** The same for a document. */
export function observeDocument(set: SchemaSet, bytes: Uint8Array, observe: Observer): Inspection {
  return inspected(bytes, {}, (walker, nodes) => walkDocument(walker, nodes, setGrammarOf(set)), observe);
}

type Walk = (walker: Walker, nodes: OpenNode[], trail: Trail) => void;

function inspected(bytes: Uint8Array, options: DecodeOptions, walk: Walk, observe?: Observer): Inspection {
  const nodes: OpenNode[] = [];
  let error: ExiError | undefined;
  try {
    readStream(bytes, options, (reader, trail) => {
      const walker = new Walker(reader, trail, observe);
      walker.node(nodes, 'header', 'header', 0);
      walk(walker, nodes, trail);
      walkRest(walker, nodes);
    });
  } catch (thrown) {
    if (!(thrown instanceof ExiError)) throw thrown;
    error = thrown;
  }
  return { nodes, error, bitLength: bytes.length * 8 };
}

function walkDocument(walker: Walker, nodes: OpenNode[], { documents }: SetGrammar): void {
  const from = walker.reader.position;
  const entry = readDocumentStart(walker.reader, documents);
  walker.node(nodes, 'element', entry, from, (node) => {
    walker.located(entry.name, -1, () => walker.content(node, grammarOf(concreteType(entry)), 1));
  });
}

function walkFragment(
  walker: Walker,
  nodes: OpenNode[],
  trail: Trail,
  grammar: SetGrammar,
  options: FragmentOptions,
): void {
  const { reader } = walker;
  const from = reader.position;
  const entry = readFragmentStart(reader, grammar);
  trail.enter(entry.name, -1);
  walker.node(nodes, 'element', entry, from, (node) => {
    if (usesFragmentGrammar(entry, options)) walkElementFragment(walker, node, trail, grammar, entry);
    else walker.content(node, grammarOf(typeByDeclaration(entry)), 1);
  });
  const end = reader.position;
  readFragmentEnd(reader, grammar);
  walker.node(nodes, 'end', 'ED', end);
}

/** First the events, as far as they go, then the value once more from the start: it or its error is what counts. */
function walkElementFragment(
  walker: Walker,
  node: OpenNode,
  trail: Trail,
  grammar: SetGrammar,
  entry: NameEntry,
): void {
  const { reader } = walker;
  const from = reader.position;
  try {
    walkFragmentEvents(walker, node, grammar);
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
  }
  reader.unread(reader.position - from);
  node.value = readElementFragment(reader, grammar, entry, trail);
}

function walkFragmentEvents(walker: Walker, node: OpenNode, grammar: SetGrammar): void {
  const { reader } = walker;
  const codes = codesOf(grammar);
  for (;;) {
    const from = reader.position;
    const code = reader.bits(codes.startWidth);
    const attribute = grammar.attributes[code];
    if (attribute !== undefined) {
      walker.node(node.children, 'attribute', attribute, from, (open) => readText(reader, open));
      continue;
    }
    if (code === codes.text) walker.node(node.children, 'text', 'CH', from, (open) => readText(reader, open));
    const end = code === codes.text ? reader.position : from;
    if (code === codes.text) reader.bits(codes.afterTextWidth);
    if (code === codes.text || code === codes.startEnd) walker.node(node.children, 'end', 'EE', end);
    return;
  }
}

function readText(reader: BitReader, node: OpenNode): void {
  node.value = readString(reader);
}

/** Padding bits up to the end of the octet, and the octets behind it. */
function walkRest(walker: Walker, nodes: OpenNode[]): void {
  const { reader } = walker;
  const padding = -reader.position & 7;
  if (padding > 0) {
    const from = reader.position;
    reader.bits(padding);
    walker.node(nodes, 'padding', 'padding', from);
    reader.unread(padding);
  }
  const behind = reader.octetsBehind;
  if (behind === 0) return;
  const bitOffset = reader.position + padding;
  const bitLength = behind * 8;
  nodes.push({ name: 'trailing', uri: '', kind: 'trailing', bitOffset, bitLength, eventCode: '', children: [] });
}
