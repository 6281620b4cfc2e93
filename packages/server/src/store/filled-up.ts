/** The values with the last one again until they are a power of two: a few texts of queries to prepare instead of hundreds. */
export function filledUp<Value>(values: readonly Value[]): Value[] {
  const last = values.at(-1);
  if (last === undefined) return [];
  const size = 2 ** Math.ceil(Math.log2(values.length));
  return [...values, ...Array.from({ length: size - values.length }, () => last)];
}
