/** Where the keys of which authorities are made: configuration, not code. */

export const keyPlaces = ['database', 'pkcs11'] as const;
export type KeyPlace = (typeof keyPlaces)[number];

export interface KeyRule {
  /** The name of an authority, with `*` for any characters. */
  readonly pattern: string;
  readonly place: KeyPlace;
}

export interface TokenSettings {
  /** Path of the PKCS#11 library. */
  readonly module: string;
  /** Label of the token. */
  readonly token: string;
  readonly pin: string;
  /** Milliseconds that a caller waits for it, ten seconds unless told otherwise. */
  readonly patienceMs?: number;
}

export interface KeyLocations {
  /** The first that fits counts; the database where none does. */
  readonly rules: readonly KeyRule[];
  readonly token?: TokenSettings | undefined;
}

/**
 * Rules as they are written: `v2g-root*=pkcs11,*=database`.
 * @throws RangeError that says what is wrong
 */
export function parseKeyRules(text: string): KeyRule[] {
  return text.split(',').map((rule) => {
    const [, pattern = '', written = ''] = /^\s*([a-z0-9*-]{1,80})\s*=\s*(\S+)\s*$/.exec(rule) ?? [];
    const place = keyPlaces.find((each) => each === written);
    if (place !== undefined) return { pattern, place };
    throw new RangeError(
      `"${rule.trim()}" must be NAME=PLACE, with * in NAME for any characters, and PLACE database or pkcs11`,
    );
  });
}

export function placeOf(authorityName: string, { rules }: KeyLocations): KeyPlace {
  return rules.find(({ pattern }) => fits(authorityName, pattern))?.place ?? 'database';
}

/** Patterns have letters, digits, `-` and `*` only, so no other character needs an escape. */
function fits(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
}
