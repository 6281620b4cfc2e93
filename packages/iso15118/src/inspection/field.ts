/** What lies at the end of a path of field names; `undefined` where something on the way has no such field. */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((outer, name) => {
    const field: { value?: unknown } | undefined = Object.getOwnPropertyDescriptor(Object(outer), name);
    return field?.value;
  }, value);
}
