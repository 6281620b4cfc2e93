/**
 * A reference whose server address ends in `/opnc/v1/event` has paths that begin with it again, so clients made from it
 * ask for `/opnc/v1/event/opnc/v1/event/endpoints`. What is meant is the path with the prefix once.
 */
export function withoutRepeatedPrefix(url: string): string {
  return url.replace(REPEATED, '$1');
}

/** The three segments that a chapter of a dialect begins with, twice. */
const REPEATED = /^((?:\/[^/?#]{1,40}){3})\1(?=[/?#]|$)/i;
