import { shortLivedOctets } from '../octets.ts';
import { encodeOid } from './oid.ts';
import { tags } from './tags.ts';
import { encodeGeneralizedTime, encodeTime } from './time.ts';

/**
 * A DER element to be written. Its length is known when it is made, so that all is written once, front to back. A certificate is
 * dozens of them, so none brings functions of its own.
 */
export interface DerNode {
  readonly length: number;
  write(out: Uint8Array, at: number): void;
}

/** The octets of a node. */
export function encodeDer(node: DerNode): Uint8Array {
  return written(node, new Uint8Array(node.length));
}

/** The same for what is neither secret nor kept (`shortLivedOctets`). */
export function encodeShortLivedDer(node: DerNode): Uint8Array {
  return written(node, shortLivedOctets(node.length));
}

function written(node: DerNode, out: Uint8Array): Uint8Array {
  node.write(out, 0);
  return out;
}

/** Octets that are DER already, or the content of a primitive. */
export function raw(octets: Uint8Array): DerNode {
  return new Octets(octets);
}

/** An element of any tag around its content. */
export function tagged(tag: number, ...content: readonly DerNode[]): DerNode {
  return new Element(tag, content);
}

export function sequence(...content: readonly DerNode[]): DerNode {
  return tagged(tags.sequence, ...content);
}

/** SET OF, in the order DER demands: by the octets of the elements (X.690 §11.6). */
export function setOf(...content: readonly DerNode[]): DerNode {
  if (content.length === 1) return tagged(tags.set, ...content);
  const sorted = content.map(encodeDer).sort((a, b) => Buffer.compare(a, b));
  return tagged(tags.set, ...sorted.map(raw));
}

export function boolean(value: boolean): DerNode {
  return tagged(tags.boolean, raw(Uint8Array.of(value ? 0xff : 0x00)));
}

/**
 * INTEGER of an unsigned big-endian number of any length, or of a number of 0…2³¹−1.
 * @param from where in the octets the number begins
 * @param to and where it has ended
 */
export function unsignedInteger(value: Uint8Array | number, from = 0, to?: number): DerNode {
  const octets = typeof value === 'number' ? fourOctets(value) : value;
  const end = to ?? octets.length;
  let first = from;
  while (first < end && octets[first] === 0) first++;
  if (first === end) return tagged(tags.integer, ZERO);
  const digits = new Part(octets, first, end);
  return (octets[first] ?? 0) >= 0x80 ? tagged(tags.integer, ZERO, digits) : tagged(tags.integer, digits);
}

export function oid(dotted: string): DerNode {
  let node = oids.get(dotted);
  if (node === undefined) {
    node = raw(encodeDer(tagged(tags.oid, raw(encodeOid(dotted)))));
    if (oids.size < 256) {
      oids.set(dotted, node);
    }
  }
  return node;
}

const oids = new Map<string, DerNode>();

export function nullValue(): DerNode {
  return tagged(tags.null);
}

export function octetString(...content: readonly DerNode[]): DerNode {
  return tagged(tags.octetString, ...content);
}

/** BIT STRING of whole octets. */
export function bitString(octets: Uint8Array): DerNode {
  return tagged(tags.bitString, ZERO, raw(octets));
}

/** BIT STRING of named bits: those numbered are one, zeros at the end are left out (X.690 §11.2.2). */
export function namedBits(numbers: Iterable<number>): DerNode {
  const all = [...numbers];
  const highest = Math.max(-1, ...all);
  const octets = new Uint8Array((highest >> 3) + 1);
  for (const number of all) {
    octets[number >> 3] = (octets[number >> 3] ?? 0) | (0x80 >> (number & 7));
  }
  const unused = highest < 0 ? 0 : 7 - (highest & 7);
  return tagged(tags.bitString, raw(Uint8Array.of(unused)), raw(octets));
}

/** A string of the given type; the caller has made sure that the type can hold it. */
export function text(tag: number, value: string): DerNode {
  const isAscii = Buffer.byteLength(value, 'utf8') === value.length;
  return tagged(tag, isAscii ? new Ascii(value) : raw(Buffer.from(value, 'utf8')));
}

/** @param epochMs written in whole seconds, as UTCTime until 2049 and GeneralizedTime from 2050 */
export function time(epochMs: number): DerNode {
  const { tag, text: digits } = encodeTime(epochMs);
  return text(tag, digits);
}

/** @param epochMs written in whole seconds */
export function generalizedTime(epochMs: number): DerNode {
  return text(tags.generalizedTime, encodeGeneralizedTime(epochMs));
}

export function enumerated(value: number): DerNode {
  return tagged(tags.enumerated, raw(Uint8Array.of(value)));
}

class Octets implements DerNode {
  readonly length: number;
  readonly octets: Uint8Array;

  constructor(octets: Uint8Array) {
    this.length = octets.length;
    this.octets = octets;
  }

  write(out: Uint8Array, at: number): void {
    out.set(this.octets, at);
  }
}

const ZERO: DerNode = new Octets(Uint8Array.of(0));

class Element implements DerNode {
  readonly length: number;
  readonly tag: number;
  readonly content: readonly DerNode[];
  readonly contentLength: number;

  constructor(tag: number, content: readonly DerNode[]) {
    let contentLength = 0;
    for (const node of content) contentLength += node.length;
    this.length = 1 + lengthOctetsOf(contentLength) + contentLength;
    this.tag = tag;
    this.content = content;
    this.contentLength = contentLength;
  }

  write(out: Uint8Array, at: number): void {
    const { contentLength } = this;
    const lengthOctets = lengthOctetsOf(contentLength);
    out[at] = this.tag;
    writeLength(out, at + 1, contentLength, lengthOctets);
    let position = at + 1 + lengthOctets;
    for (const node of this.content) {
      node.write(out, position);
      position += node.length;
    }
  }
}

/** A few octets out of others. One by one: a view on a short array would move that out of the engine's heap. */
class Part implements DerNode {
  readonly length: number;
  readonly octets: Uint8Array;
  readonly from: number;

  constructor(octets: Uint8Array, from: number, to: number) {
    this.length = to - from;
    this.octets = octets;
    this.from = from;
  }

  write(out: Uint8Array, at: number): void {
    const { octets, from, length } = this;
    for (let index = 0; index < length; index++) out[at + index] = octets[from + index] ?? 0;
  }
}

class Ascii implements DerNode {
  readonly length: number;
  readonly text: string;

  constructor(text: string) {
    this.length = text.length;
    this.text = text;
  }

  write(out: Uint8Array, at: number): void {
    const { text, length } = this;
    for (let index = 0; index < length; index++) out[at + index] = text.charCodeAt(index);
  }
}

/** How many octets say the length, the one that says how many included (X.690 §8.1.3). */
function lengthOctetsOf(length: number): number {
  if (length < 0x80) return 1;
  if (length < 0x100) return 2;
  if (length < 0x10000) return 3;
  if (length < 0x1000000) return 4;
  throw new RangeError('a DER element of 16 MiB or more is never written');
}

function writeLength(out: Uint8Array, at: number, length: number, octets: number): void {
  if (octets === 1) {
    out[at] = length;
    return;
  }
  out[at] = 0x80 | (octets - 1);
  for (let index = octets - 1, left = length; index > 0; index--, left >>= 8) out[at + index] = left & 0xff;
}

function fourOctets(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
    throw new RangeError('an INTEGER given as number must be within 0 and 2147483647');
  }
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
