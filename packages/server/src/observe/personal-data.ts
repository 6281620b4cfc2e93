/**
 * What may be said of a person in the log. An EMAID is a contract and a PCID a car, and both lead to somebody; where an
 * operator needs to find a line again, the last four characters do.
 */

/** `…7A3K` for `DE-ABC-C1234-57A3K`; all of what is no longer than that is left out. */
export function shortened(identifier: string): string {
  const characters = identifier.replaceAll(/[^A-Za-z0-9]/g, '');
  return characters.length <= SHOWN ? '…' : `…${characters.slice(-SHOWN)}`;
}

const SHOWN = 4;

/**
 * A text of ours or of others with every word shortened that could be an EMAID, a PCID, a SessionID, a serial number, or
 * octets in base64 or hexadecimal. SHA-256 fingerprints, UUIDs and trace contexts stay:
 * by them certificates and calls are found.
 */
export function withoutPersonalData(text: string): string {
  if (text.length < SHORTEST_WORD) return text;
  return text.replaceAll(/[A-Za-z0-9][A-Za-z0-9*-]{11,}/g, (word) => (isTelling(word) ? shortened(word) : word));
}

/** Of a word that could tell of somebody. */
const SHORTEST_WORD = 12;
const FINGERPRINT = /^[0-9a-f]{64}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** `traceparent` of W3C Trace Context. */
const TRACE_CONTEXT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** By their lengths. */
const KEPT: ReadonlyMap<number, RegExp> = new Map([
  [64, FINGERPRINT],
  [36, UUID],
  [55, TRACE_CONTEXT],
]);
const LONGEST_NAME = 40;

/** Names of fields, functions and errors are as long, but have hardly a digit, unless in the number of the standard. */
function isTelling(word: string): boolean {
  if (KEPT.get(word.length)?.test(word) === true) return false;
  // As most words are that are no identifiers: those of paths and messages.
  if (word.length <= LONGEST_NAME && !/\d/.test(word) && /[a-z]/.test(word)) return false;
  const characters = word.replaceAll(/[^A-Za-z0-9]|ISO15118/gi, '');
  if (characters.length < 12) return false;
  const digits = characters.replaceAll(/\D/g, '').length;
  const isOfOneCase = characters === characters.toUpperCase() || characters === characters.toLowerCase();
  return (
    digits >= 3 || (digits > 0 && isOfOneCase) || /^[A-Z]{14,}$/.test(characters) || characters.length > LONGEST_NAME
  );
}
