import { DerError } from './der-error.ts';
import type { DerElement } from './reader.ts';
import { tags } from './tags.ts';

const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const textTags: ReadonlySet<number> = new Set([
  tags.utf8String,
  tags.printableString,
  tags.ia5String,
  tags.teletexString,
  tags.visibleString,
  tags.bmpString,
]);

export function isTextTag(tag: number): boolean {
  return textTags.has(tag);
}

/** May the text be a PrintableString (X.680 §41.4)? */
export function isPrintable(text: string): boolean {
  return printable.test(text);
}

/**
 * Text of a string type. PrintableStrings of the field hold `@`, `*` or `_` now and then, so any ASCII passes there;
 * T61 is read as Latin-1, as everybody does.
 */
export function decodeText(bytes: Uint8Array, element: DerElement, what: string): string {
  const content = bytes.subarray(element.contentStart, element.end);
  switch (element.tag) {
    case tags.utf8String:
      return decodeUtf8(content, element.start, what);
    case tags.teletexString:
      return textOfUnits(content);
    case tags.bmpString:
      return decodeBmp(content, element.start, what);
    default:
      return decodeAscii(content, element.start, what);
  }
}

function decodeAscii(content: Uint8Array, start: number, what: string): string {
  if (!isAscii(content)) throw new DerError('bad-string', start, `${what} has an octet that is no printable ASCII`);
  return textOfUnits(content);
}

function isAscii(content: Uint8Array): boolean {
  for (let index = 0; index < content.length; index++) {
    const octet = content[index] ?? 0;
    if (octet > 0x7e || octet < 0x20) return false;
  }
  return true;
}

function decodeUtf8(content: Uint8Array, start: number, what: string): string {
  if (isAscii(content)) return textOfUnits(content);
  try {
    return utf8.decode(content);
  } catch (cause) {
    if (cause instanceof TypeError) {
      throw new DerError('bad-string', start, `${what} is not UTF-8`);
    }
    throw cause;
  }
}

function decodeBmp(content: Uint8Array, start: number, what: string): string {
  if (content.length % 2 !== 0) {
    throw new DerError('bad-string', start, `${what} is half a BMP character short`);
  }
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const text = textOfUnits(Array.from({ length: content.length / 2 }, (_, index) => view.getUint16(2 * index)));
  if (!text.isWellFormed()) {
    throw new DerError('bad-string', start, `${what} has half a surrogate pair`);
  }
  return text;
}

function textOfUnits(codeUnits: ArrayLike<number>): string {
  let text = '';
  for (let index = 0; index < codeUnits.length; index++) text += String.fromCharCode(codeUnits[index] ?? 0);
  return text;
}
