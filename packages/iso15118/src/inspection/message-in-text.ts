/** Finds the message in what people have at hand: a log line, JSON of an API, a dump. */
import { type ExiInput, exiInputOf, octetsOfText } from './exi-input.ts';
import { recognise } from './recognition.ts';

/** Runs of hexadecimal with at most one blank, colon or hyphen between octets, and runs of base64. */
const runs = [/(?:0x)?[0-9a-fA-F]{2}(?:[ :-]?[0-9a-fA-F]{2}){5,}/g, /[A-Za-z0-9+/_-]{8,}={0,2}/g];

/** More than this many runs are not tried, the longest first. */
const mostTried = 24;

/**
 * The whole text when it is base64 or hexadecimal and nothing else; else the longest run in it that is a message.
 * `undefined` when nothing in the text could be one.
 */
export function messageInText(text: string): ExiInput | undefined {
  const whole = octetsOfText(text);
  if (whole !== undefined && isMessage(whole)) return exiInputOf(whole);
  const found = runs.flatMap((run) => text.match(run) ?? []);
  const candidates = found.toSorted((one, other) => other.length - one.length).slice(0, mostTried);
  for (const candidate of candidates) {
    const octets = octetsOfText(candidate.replace(/[ :-]/g, '')) ?? octetsOfText(candidate);
    if (octets !== undefined && isMessage(octets)) return exiInputOf(octets);
  }
  // What spells octets and is no message is given as it is: what is wrong with it can still be told.
  return whole !== undefined && mayBeMeant(text, whole) ? exiInputOf(whole) : undefined;
}

/** Words in a row spell base64 as well; octets are meant where they are in hexadecimal, or begin as EXI does. */
function mayBeMeant(text: string, octets: Uint8Array): boolean {
  return /^[\s:x0-9a-fA-F]{8,}$/.test(text) || exiInputOf(octets).exi[0] === 0x80;
}

function isMessage(octets: Uint8Array): boolean {
  const { exi } = exiInputOf(octets);
  return exi[0] === 0x80 && recognise(exi).ok;
}
