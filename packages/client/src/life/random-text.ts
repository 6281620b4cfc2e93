import { randomInt } from 'node:crypto';

const LETTERS = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ';

/** Digits and capitals, without those that are mistaken for digits: for identifiers that nobody has yet. */
export function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
