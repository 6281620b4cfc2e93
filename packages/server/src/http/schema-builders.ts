/**
 * The builders of schemas that the tables of routes are written with: TypeBox's in name, type and result. TypeBox has them
 * in several hundred modules, and each start would load all of them to make a few plain objects.
 */
import type { TSchema, Type as TypeBox } from 'typebox';

type Properties = Readonly<Record<string, TSchema>>;

const builders = {
  Unknown: (options?: object) => made('Unknown', {}, options),
  Null: (options?: object) => made('Null', { type: 'null' }, options),
  Boolean: (options?: object) => made('Boolean', { type: 'boolean' }, options),
  Integer: (options?: object) => made('Integer', { type: 'integer' }, options),
  String: (options?: object) => made('String', { type: 'string' }, options),
  Literal: (value: string | number, options?: object) => made('Literal', { type: typeof value, const: value }, options),
  Enum: (values: readonly (string | number)[], options?: object) => made('Enum', { enum: values }, options),
  Union: (alternatives: readonly TSchema[], options?: object) => made('Union', { anyOf: alternatives }, options),
  Array: (items: TSchema, options?: object) => made('Array', { type: 'array', items }, options),
  Object: objectOf,
  /** Names can be any text. */
  Record: (_names: TSchema, values: TSchema, options?: object) =>
    made('Record', { type: 'object', patternProperties: { '^.*$': values } }, options),
  Optional: optional,
  Partial: ({ properties }: { readonly properties: Properties }) =>
    objectOf(Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, optional(schema)]))),
};

/** A test compares what they make with what TypeBox makes. */
export const Type = builders as unknown as Pick<typeof TypeBox, keyof typeof builders>;

function objectOf(properties: Properties, options?: object): TSchema {
  const isRequired = ([, schema]: [string, TSchema]) => !Object.hasOwn(schema, '~optional');
  const required = Object.entries(properties).filter(isRequired);
  const names = required.length > 0 && { required: required.map(([name]) => name) };
  return made('Object', { type: 'object', ...names, properties }, options);
}

function optional(schema: TSchema): TSchema {
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(schema), '~optional': hidden(true) });
}

function made(kind: string, keywords: object, options?: object): TSchema {
  return Object.defineProperty({ ...keywords, ...options }, '~kind', hidden(kind));
}

/** For the types only; it does not stand in the documents. */
function hidden(value: unknown): PropertyDescriptor {
  return { value, enumerable: false, configurable: true, writable: true };
}
