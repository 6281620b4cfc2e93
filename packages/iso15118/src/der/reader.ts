import { DerError, type DerErrorKind } from './der-error.ts';
import { decodeOid } from './oid.ts';
import { tags } from './tags.ts';
import { decodeText, isTextTag } from './text.ts';
import { decodeTime } from './time.ts';

/** One element of the input: octets `start…end`, its content `contentStart…end`. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/** Larger than any certificate, request or chain that Plug & Charge knows. */
export const maxDerSize = 65_536;
const maxDepth = 24;

/**
 * Reads DER (X.690) front to back, strictly: definite minimal lengths, single-octet tags, nothing beyond the parent,
 * canonical primitives. Nothing is copied: what it returns are views of the input. Every failure is a `DerError` with
 * the offset in the whole input.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  readonly #end: number;
  readonly #depth: number;
  readonly #limit: number;
  #position: number;
  /** Of the element that was stepped over last; its end is the position. */
  #contentStart = 0;

  /**
   * @param limit largest input in octets; revocation lists are larger than anything else
   * @throws DerError `too-large` when the input has more
   */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length, depth = 0, limit = maxDerSize) {
    if (bytes.length > limit) {
      throw new DerError('too-large', 0, `${bytes.length} octets, at most ${limit} are read`);
    }
    if (depth > maxDepth) {
      throw new DerError('too-deep', start, `nested more than ${maxDepth} levels deep`);
    }
    this.bytes = bytes;
    this.#position = start;
    this.#end = end;
    this.#depth = depth;
    this.#limit = limit;
  }

  get position(): number {
    return this.#position;
  }

  get done(): boolean {
    return this.#position >= this.#end;
  }

  /** Tag of the next element, `undefined` at the end. */
  peek(): number | undefined {
    return this.done ? undefined : this.bytes[this.#position];
  }

  /** Steps over the next element, whose tag must be `tag` where one is given. `what` names it in errors. */
  next(tag: number | undefined, what: string): DerElement {
    const start = this.#position;
    this.#step(tag, what);
    return { tag: this.bytes[start] ?? 0, start, contentStart: this.#contentStart, end: this.#position };
  }

  /** Reads a constructed element and returns a reader over its content. */
  enter(tag: number, what: string): DerReader {
    this.#step(tag, what);
    return new DerReader(this.bytes, this.#contentStart, this.#position, this.#depth + 1, this.#limit);
  }

  /** A reader over the content of an element, one level deeper. */
  within(element: DerElement): DerReader {
    return new DerReader(this.bytes, element.contentStart, element.end, this.#depth + 1, this.#limit);
  }

  /** A reader over DER that a primitive carries, such as the OCTET STRING of an extension. */
  wrapped(element: DerElement, skip = 0): DerReader {
    return new DerReader(this.bytes, element.contentStart + skip, element.end, this.#depth + 1, this.#limit);
  }

  /** Insists that nothing is left. */
  finish(what: string): void {
    if (!this.done) {
      throw new DerError('trailing-octets', this.#position, `${this.#end - this.#position} octets behind ${what}`);
    }
  }

  content(element: DerElement): Uint8Array {
    return this.bytes.subarray(element.contentStart, element.end);
  }

  whole(element: DerElement): Uint8Array {
    return this.bytes.subarray(element.start, element.end);
  }

  fail(kind: DerErrorKind, offset: number, what: string): never {
    throw new DerError(kind, offset, what);
  }

  readBoolean(what: string): boolean {
    const element = this.next(tags.boolean, what);
    const value = this.bytes[element.contentStart];
    if (element.end - element.contentStart !== 1 || (value !== 0x00 && value !== 0xff)) {
      this.fail('bad-boolean', element.start, `${what} is neither 00 nor ff`);
    }
    return value === 0xff;
  }

  /** Content octets of an INTEGER: two's complement, big-endian, in the fewest octets. */
  readInteger(what: string, tag: number = tags.integer): Uint8Array {
    const element = this.next(tag, what);
    const content = this.content(element);
    const [first, second] = content;
    if (first === undefined) {
      this.fail('bad-integer', element.start, `${what} is empty`);
    }
    if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
      this.fail('bad-integer', element.start, `${what} is longer than it need be`);
    }
    return content;
  }

  /** An INTEGER of 0…2³¹−1. */
  readSmallInteger(what: string, tag: number = tags.integer): number {
    const start = this.#position;
    const content = this.readInteger(what, tag);
    if (content.length > 4 || (content[0] ?? 0) >= 0x80) {
      this.fail('bad-integer', start, `${what} is not within 0 and 2147483647`);
    }
    return content.reduce((value, octet) => value * 256 + octet, 0);
  }

  readOid(what: string): string {
    const start = this.#position;
    this.#step(tags.oid, what);
    return decodeOid(this.bytes, { start, contentStart: this.#contentStart, end: this.#position });
  }

  readOctetString(what: string, tag: number = tags.octetString): Uint8Array {
    return this.content(this.next(tag, what));
  }

  /** A BIT STRING: its octets and how many bits of the last are unused (and zero). */
  readBitString(what: string): { readonly octets: Uint8Array; readonly unusedBits: number } {
    const element = this.next(tags.bitString, what);
    const unusedBits = this.bytes[element.contentStart];
    const octets = this.bytes.subarray(element.contentStart + 1, element.end);
    if (element.end === element.contentStart || unusedBits === undefined || unusedBits > 7) {
      this.fail('bad-bit-string', element.start, `${what} does not say how many bits are unused`);
    }
    const last = octets.at(-1);
    if (unusedBits > 0 && (last === undefined || (last & ((1 << unusedBits) - 1)) !== 0)) {
      this.fail('bad-bit-string', element.start, `${what} has unused bits that are not zero`);
    }
    return { octets, unusedBits };
  }

  /** A BIT STRING of whole octets. */
  readOctetAlignedBits(what: string): Uint8Array {
    const start = this.#position;
    const { octets, unusedBits } = this.readBitString(what);
    if (unusedBits !== 0) {
      this.fail('bad-bit-string', start, `${what} is not a whole number of octets`);
    }
    return octets;
  }

  /** UTCTime or GeneralizedTime in the one form RFC 5280 §4.1.2.5 allows; epoch milliseconds. */
  readTime(what: string): number {
    return decodeTime(this.bytes, this.next(undefined, what), what);
  }

  /** GeneralizedTime where no other type may stand; epoch milliseconds. */
  readGeneralizedTime(what: string): number {
    return decodeTime(this.bytes, this.next(tags.generalizedTime, what), what);
  }

  /** An ENUMERATED of 0…2³¹−1. */
  readEnumerated(what: string): number {
    return this.readSmallInteger(what, tags.enumerated);
  }

  /** Any of the string types that names use. */
  readText(what: string): string {
    const element = this.next(undefined, what);
    if (!isTextTag(element.tag)) {
      this.fail('unexpected-tag', element.start, `${what} is not a string but has tag ${hexOf(element.tag)}`);
    }
    return decodeText(this.bytes, element, what);
  }

  #step(tag: number | undefined, what: string): void {
    const start = this.#position;
    const found = this.bytes[start];
    if (found === undefined || start >= this.#end) {
      throw new DerError('truncated', start, `${what} is missing`);
    }
    if (tag !== undefined && found !== tag) {
      throw new DerError('unexpected-tag', start, `${what} has tag ${hexOf(found)}, expected ${hexOf(tag)}`);
    }
    if ((found & 0x1f) === 0x1f) {
      throw new DerError('unsupported-tag', start, `${what} has a tag of several octets`);
    }
    const length = this.#readLength(start + 1, what);
    if (length > this.#end - this.#contentStart) {
      const left = this.#end - this.#contentStart;
      throw new DerError('truncated', start, `${what} claims ${length} octets, ${left} are left`);
    }
    this.#position = this.#contentStart + length;
  }

  /** Says in passing where the content starts. */
  #readLength(at: number, what: string): number {
    const first = at < this.#end ? this.bytes[at] : undefined;
    if (first === undefined) {
      throw new DerError('truncated', at, `length of ${what} is missing`);
    }
    if (first < 0x80) {
      this.#contentStart = at + 1;
      return first;
    }
    const octets = first & 0x7f;
    if (octets === 0) {
      throw new DerError('indefinite-length', at, `${what} has an indefinite length`);
    }
    if (octets > 4 || at + octets >= this.#end) {
      throw new DerError('truncated', at, `length of ${what} goes beyond what is left`);
    }
    let length = 0;
    for (let index = at + 1; index <= at + octets; index++) {
      length = length * 256 + (this.bytes[index] ?? 0);
    }
    if (length < 0x80 || this.bytes[at + 1] === 0) {
      throw new DerError('non-minimal-length', at, `length of ${what} is longer than it need be`);
    }
    this.#contentStart = at + 1 + octets;
    return length;
  }
}

function hexOf(tag: number): string {
  return tag.toString(16).padStart(2, '0');
}
