/** A field of something that may be an object; `undefined` of anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return new Map<string, unknown>(Object.entries(Object(value))).get(name);
}
