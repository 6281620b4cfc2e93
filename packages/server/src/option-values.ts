/** What is given for an option, as the value that it means. All throw `SettingsError`, naming where it was given. */
import { type Given, SettingsError } from './given-options.ts';

export function oneOf<T extends string>(given: Given | undefined, values: readonly T[], byDefault: T): T {
  if (given === undefined) return byDefault;
  const value = values.find((each) => each === given.value);
  if (value === undefined) {
    throw new SettingsError(`${given.source}: "${given.value}" must be one of ${values.join(', ')}`);
  }
  return value;
}

export function integer(given: Given | undefined, byDefault: number, least: number, most: number): number {
  if (given === undefined) return byDefault;
  const value = /^\d{1,12}$/.test(given.value) ? Number(given.value) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new SettingsError(`${given.source}: "${given.value}" must be a whole number from ${least} to ${most}`);
  }
  return value;
}

/** A number from 0 to 1; 1 where nothing is said. */
export function ratio(given: Given | undefined): number {
  const value = given === undefined ? 1 : Number(given.value);
  if (value >= 0 && value <= 1) return value;
  throw new SettingsError(`${given?.source}: "${given?.value}" must be a number from 0 to 1`);
}

export function url(given: Given | undefined, protocols: readonly string[]): string | undefined {
  if (given === undefined) return undefined;
  if (!URL.canParse(given.value) || !protocols.includes(new URL(given.value).protocol)) {
    // Not the value itself: a database URL may hold a password.
    throw new SettingsError(`${given.source}: must be a URL that starts with ${protocols.join('// or ')}//`);
  }
  return given.value;
}

/** What stands between commas; empty where nothing is said. */
export function listOf(given: Given | undefined): readonly string[] {
  const parts = (given?.value ?? '').split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}
