/** What a benchmark yields, and the statistics it takes. */

/** A measured value; beside it the ceiling of the same run and what it has to reach, where there are such. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** What the parts that cannot be left out cost or yield alone, and how near to it the value is (1 is equal). */
  readonly ceiling?: { readonly value: number; readonly ratio: number };
  readonly target?: Target;
}

export type Unit = 'µs' | 'ms' | 's' | 'MB' | 'MB/s' | 'requests/s' | '×';

export type Target = { readonly atMost: number } | { readonly atLeast: number } | { readonly ratioAtLeast: number };

export interface Section {
  readonly title: string;
  readonly figures: readonly Figure[];
}

export function isMet({ value, ceiling, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  if ('atMost' in target) return value <= target.atMost;
  if ('atLeast' in target) return value >= target.atLeast;
  return ceiling !== undefined && ceiling.ratio >= target.ratioAtLeast;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest of the values that at least `percent` of them do not exceed. NaN of nothing. */
export function percentile(values: readonly number[] | Float64Array, percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}
