/** Finds the message in what people have at hand: a log line, JSON of an API, a dump. */
import { type ExiInput, exiInputOf, octetsOfText } from './exi-input.ts';
import { recognise } from './recognition.ts';

/** Runs of hexadecimal with at most one blank, colon or hyphen between octets, and runs of base64. */
const runs = [/(?:0x)?[0-9a-fA-F]{2}(?:[ :-]?[0-9a-fA-F]{2}){5,}/g, /[A-Za-z0-9+/_-]{8,}={0,2}/g];

/** More than this many runs are not tried, the longest first. */
const mostTried = 24;

/**
 * The whole text when it is base64 or hexadecimal and nothing else; else the longest run in it that is a message, as it
 * stands there or without what tools put in between.
 * `undefined` when nothing in the text could be one.
 */
export function messageInText(text: string): ExiInput | undefined {
  const whole = octetsOfText(text);
  if (whole !== undefined && isMessage(whole)) return exiInputOf(whole);
  for (const spelled of [text, ...respellings.flatMap((respell) => respell(text) ?? [])]) {
    const octets = longestMessageIn(spelled);
    if (octets !== undefined) return exiInputOf(octets);
  }
  // What spells octets and is no message is given as it is: what is wrong with it can still be told.
  return whole !== undefined && mayBeMeant(text, whole) ? exiInputOf(whole) : undefined;
}

function longestMessageIn(text: string): Uint8Array | undefined {
  const found = runs.flatMap((run) => text.match(run) ?? []);
  const candidates = found.toSorted((one, other) => other.length - one.length).slice(0, mostTried);
  for (const candidate of candidates) {
    const octets = octetsOfText(candidate.replace(/[ :-]/g, '')) ?? octetsOfText(candidate);
    if (octets !== undefined && isMessage(octets)) return octets;
  }
  return undefined;
}

/** How a message looks behind what logs and tools make of it; `undefined` for a text that is not of that kind. */
const respellings: readonly ((text: string) => string | undefined)[] = [
  withoutEscapes,
  withoutDumpMargins,
  withoutListMarks,
  withoutLineEnds,
];

/** JSON escapes of signs that base64 has (RFC 8259 §7), line ends within a string, and the escapes of forms and URLs. */
function withoutEscapes(text: string): string | undefined {
  if (!/[\\%]/.test(text)) return undefined;
  return text
    .replaceAll(/\\{1,4}u00(2b|2f|3d)|%(2b|2f|3d)/gi, (_, json, url) =>
      String.fromCharCode(Number.parseInt(json ?? url, 16)),
    )
    .replaceAll(/\\{1,4}[rn]/g, '')
    .replaceAll(/\\{1,4}\//g, '/');
}

/** Lines of an address, up to 32 octets, and what they are as text: as `xxd`, `hexdump -C` and packet tools write them. */
function withoutDumpMargins(text: string): string | undefined {
  const line =
    /^\s*(?:0x)?[0-9a-fA-F]{4,16}:?\s+((?:[0-9a-fA-F]{2}){1,4}(?:[ \t]{1,2}(?:[0-9a-fA-F]{2}){1,4}){0,31})(?:[ \t]{2}|[ \t]*[|]|[ \t]*$)/;
  const octets = text.split('\n').flatMap((each) => line.exec(each.trimEnd())?.[1] ?? []);
  return octets.length === 0 ? undefined : octets.join('').replaceAll(/\s/g, '');
}

/** `0x80, 0x98, …` of a program. */
function withoutListMarks(text: string): string | undefined {
  const marked = text.match(/0x[0-9a-fA-F]{2}\b/g);
  return marked === null ? undefined : marked.map((octet) => octet.slice(2)).join('');
}

/** Base64 in lines (RFC 2045 §6.8) between other lines; the last line of it may be short. */
function withoutLineEnds(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  if (lines.length < 2) return undefined;
  const isFull = (line: string) => line.length >= shortestFullLine && /^[A-Za-z0-9+/]+$/.test(line);
  const isRest = (line: string) => /^[A-Za-z0-9+/]+={0,2}$/.test(line);
  return lines
    .map((line, at) => {
      const next = lines[at + 1];
      return isFull(line) && next !== undefined && isRest(next) ? line : `${line}\n`;
    })
    .join('');
}

const shortestFullLine = 60;

/** Words in a row spell base64 as well; octets are meant where they are in hexadecimal, or begin as EXI does. */
function mayBeMeant(text: string, octets: Uint8Array): boolean {
  return /^[\s:x0-9a-fA-F]{8,}$/.test(text) || exiInputOf(octets).exi[0] === 0x80;
}

function isMessage(octets: Uint8Array): boolean {
  const { exi } = exiInputOf(octets);
  return exi[0] === 0x80 && recognise(exi).ok;
}
