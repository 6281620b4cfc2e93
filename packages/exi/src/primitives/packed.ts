/**
 * What a type of small values looks like in bits, as data: the quick codec reads and writes such values in place, with
 * the events around them, where a call for each would cost more than the value. All numbers are small and all types have
 * the same properties, so that engines need not ask which it is.
 */
export interface Packed {
  /** Groups of seven bits; otherwise an n-bit number. */
  readonly grouped: boolean;
  /** Bits of the number, at most 12; of groups those of the sign before them. */
  readonly width: number;
  /** The first value that has a code and the last one; of groups, the ones that take at most two. */
  readonly min: number;
  readonly max: number;
  /** Where the number is an index: what it stands for, and the other way round. */
  readonly values: readonly unknown[] | undefined;
  readonly indexes: ReadonlyMap<unknown, number> | undefined;
}

/** An n-bit number counted from `min` (EXI 1.0 §7.1.9). */
export function packedNumber(width: number, min: number, max: number): Packed {
  return { grouped: false, width, min, max, values: undefined, indexes: undefined };
}

/** The index of a value, also n bits wide. */
export function packedIndex(width: number, values: readonly unknown[]) {
  const indexes: ReadonlyMap<unknown, number> = new Map(values.map((value, index) => [value, index]));
  return { grouped: false, width, min: 0, max: values.length - 1, values, indexes } satisfies Packed;
}

/** Groups of seven bits, behind a sign bit when `min` is below zero (§7.1.5, §7.1.6). */
export function packedGroups(min: number, max: number): Packed {
  return {
    grouped: true,
    width: min < 0 ? 1 : 0,
    min: Math.max(min, -TWO_GROUPS),
    max: Math.min(max, TWO_GROUPS - 1),
    values: undefined,
    indexes: undefined,
  };
}

const TWO_GROUPS = 0x4000;
