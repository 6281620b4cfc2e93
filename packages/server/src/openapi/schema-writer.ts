/** From TypeBox schemas to the schemas of a document; those with a title stand once, under `components`. */
export type SchemaObject = Readonly<Record<string, unknown>>;

export interface SchemaWriter {
  /** The schema itself, or a reference to where it stands. */
  write(schema: object): SchemaObject;
  components(): Readonly<Record<string, SchemaObject>>;
}

export function schemaWriter(): SchemaWriter {
  const components = new Map<string, SchemaObject>();

  function write(schema: object): SchemaObject {
    const { title, ...rest }: { title?: unknown } & SchemaObject = { ...schema };
    if (typeof title !== 'string' || !('properties' in rest)) return inside({ ...schema });
    const written = inside(rest);
    const before = components.get(title);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(written)) {
      throw new Error(`two schemas have the title ${title}`);
    }
    components.set(title, written);
    return { $ref: `#/components/schemas/${title}` };
  }

  function inside(schema: SchemaObject): SchemaObject {
    const names = namesIn(schema);
    if (names !== undefined) {
      const { anyOf: _, ...rest } = schema;
      return { type: 'string', enum: names, ...rest };
    }
    return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, below(key, value)]));
  }

  function below(key: string, value: unknown): unknown {
    if (key === 'properties') {
      return Object.fromEntries(Object.entries(Object(value)).map(([name, each]) => [name, write(Object(each))]));
    }
    if (key === 'items') return write(Object(value));
    if (key === 'anyOf' && Array.isArray(value)) return value.map((each) => write(Object(each)));
    return value;
  }

  return { write, components: () => Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** The alternatives of a union of names, which documents have as an enumeration. */
function namesIn(schema: SchemaObject): unknown[] | undefined {
  const { anyOf } = schema;
  if (!Array.isArray(anyOf) || !anyOf.every((each) => 'const' in Object(each))) return undefined;
  return anyOf.map((each) => Object(each).const);
}
