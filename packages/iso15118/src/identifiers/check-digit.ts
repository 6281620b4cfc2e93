import { IdentifierError } from './identifier-error.ts';

/**
 * Check digit of an EMAID (ISO 15118-2 Annex H, eMI³ "Check Digit Calculation for Contract-IDs").
 *
 * A character is a number 0…35 in `0-9A-Z`, written as 9·q + r: q as a row vector of two bits, r as one of two trits.
 * The 15 characters form a valid EMAID when Σ qᵢ·P1ⁱ = 0 over GF(2) and Σ rᵢ·P2ⁱ = 0 over GF(3), i = 1…15.
 */
type Row = readonly [number, number];
type Matrix = readonly [Row, Row];
const p1: Matrix = [
  [0, 1],
  [1, 1],
];
const p2: Matrix = [
  [0, 1],
  [1, 2],
];
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

const bits = weights(p1, 2, (value) => Math.floor(value / 9), 2);
const trits = weights(p2, 3, (value) => value % 9, 3);

/**
 * @param first14 the EMAID without check digit: 14 characters of `0-9A-Z`
 * @throws IdentifierError for any other text
 */
export function emaidCheckDigit(first14: string): string {
  if (!/^[0-9A-Z]{14}$/.test(first14)) {
    throw new IdentifierError('emaid', '14 upper-case alphanumerics for a check digit to exist');
  }
  let q: Row = [0, 0];
  let r: Row = [0, 0];
  for (let position = 0; position < 14; position++) {
    const value = alphabet.indexOf(first14.charAt(position));
    q = add(q, entry(bits, position, value), 2);
    r = add(r, entry(trits, position, value), 3);
  }
  for (let value = 0; value < 36; value++) {
    if (isZero(add(q, entry(bits, 14, value), 2)) && isZero(add(r, entry(trits, 14, value), 3))) {
      return alphabet.charAt(value);
    }
  }
  throw new Error('P1 and P2 are regular, so one of the 36 characters must solve both equations');
}

/** For each of the 15 positions and 36 characters, the character's row times the position's power of the matrix. */
function weights(matrix: Matrix, modulus: number, part: (value: number) => number, base: number): Row[][] {
  let rows: Row[] = Array.from({ length: 36 }, (_, value) => [Math.floor(part(value) / base), part(value) % base]);
  return Array.from({ length: 15 }, () => {
    rows = rows.map((row) => times(row, matrix, modulus));
    return rows;
  });
}

function times([a, b]: Row, [[m11, m12], [m21, m22]]: Matrix, modulus: number): Row {
  return [(a * m11 + b * m21) % modulus, (a * m12 + b * m22) % modulus];
}

function add(a: Row, b: Row, modulus: number): Row {
  return [(a[0] + b[0]) % modulus, (a[1] + b[1]) % modulus];
}

function entry(table: readonly Row[][], position: number, value: number): Row {
  return table[position]?.[value] ?? [0, 0];
}

function isZero([a, b]: Row): boolean {
  return a === 0 && b === 0;
}
