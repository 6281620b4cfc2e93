/**
 * Reads a JSON body the way I-JSON (RFC 7493) wants them: UTF-8, no name twice in one object, no half of a character.
 * What two readers could understand in two ways, or the database cannot hold, is refused and not repaired.
 */
import { bodyRefused } from './validation.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bodies of the dialects have four levels. */
const DEEPEST = 32;

/** The value of a body; undefined when it is empty. Throws `ValidationError`. */
export function readJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  if (text.trim() === '') return undefined;
  const value = parsed(text);
  checkStructure(text);
  return value;
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    // The only thing that a decoder says is that it is not.
    throw bodyRefused('is not UTF-8');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw bodyRefused(`is not valid JSON: ${error.message}`);
    throw error;
  }
}

/** What `JSON.parse` lets pass. The text is valid JSON, so a string with a colon behind it is a name. */
function checkStructure(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        if (open.push(new Set()) > DEEPEST) throw bodyRefused(`is nested more than ${DEEPEST} levels deep`);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case '"': {
        const end = endOfString(text, at);
        const content = contentOf(text.slice(at, end + 1));
        if (isName(text, end)) checkName(content, open.at(-1));
        at = end;
        break;
      }
    }
  }
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === '\\') before--;
  return (at - before) % 2 === 1;
}

function contentOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  const content: string = JSON.parse(literal);
  if (content.isWellFormed() && !content.includes('\0')) return content;
  throw bodyRefused('has text with half of a surrogate pair, or with the character U+0000');
}

function isName(text: string, end: number): boolean {
  let next = end + 1;
  while (text.charCodeAt(next) <= 0x20) next++;
  return text[next] === ':';
}

function checkName(name: string, names: Set<string> | undefined): void {
  if (name === '__proto__' || name === 'constructor') throw bodyRefused(`must not have a field "${name}"`);
  if (names?.has(name)) throw bodyRefused(`has the field ${JSON.stringify(name.slice(0, 80))} twice`);
  names?.add(name);
}
