/** Reading an OpenAPI document. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A member of a member; undefined when it is not there. */
export function member(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (found, step) => new Map<string, Json>(Object.entries(Object(found ?? {}))).get(String(step)),
    value,
  );
}

/** The schema that a reference points at. */
export function resolved(document: Json, schema: Json | undefined): Json | undefined {
  const reference = member(schema, '$ref');
  if (typeof reference !== 'string') return schema;
  return resolved(document, member(document, ...reference.split('/').slice(1)));
}

/** The JSON schema of an answer, complete in itself; undefined for an empty one and for one that is no JSON. */
export function schemaOf(document: Json, operation: JsonObject, status: number): Json | undefined {
  const schema = member(operation, 'responses', status, 'content', 'application/json', 'schema');
  return schema === undefined ? undefined : inlined(document, schema);
}

function inlined(document: Json, schema: Json): Json {
  const found = resolved(document, schema) ?? null;
  if (Array.isArray(found)) return found.map((each) => inlined(document, each));
  if (typeof found !== 'object' || found === null) return found;
  const kept = Object.entries(found).filter(([key, value]) => typeof value === 'object' || !words.includes(key));
  return Object.fromEntries(
    kept.filter(([key]) => key !== 'examples').map(([key, value]) => [key, inlined(document, value)]),
  );
}

/** What checks nothing. */
const words = ['description', 'title', 'contentEncoding'];
