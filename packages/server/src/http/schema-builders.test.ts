import { Type as TypeBox } from 'typebox';
import { describe, expect, test } from 'vitest';
import { Type } from './schema-builders.ts';

type Builders = typeof Type;

/** One of each, with options where they take some. */
const built: Record<keyof Builders, (by: Builders) => object[]> = {
  Unknown: (by) => [by.Unknown(), by.Unknown({ contentMediaType: 'text/csv' })],
  Null: (by) => [by.Null(), by.Null({ description: 'none' })],
  Boolean: (by) => [by.Boolean(), by.Boolean({ default: true })],
  Integer: (by) => [by.Integer(), by.Integer({ minimum: 1, maximum: 9 })],
  String: (by) => [by.String(), by.String({ pattern: '^a$', examples: ['a'] })],
  Literal: (by) => [by.Literal('a'), by.Literal(1), by.Literal('a', { title: 'A' })],
  Enum: (by) => [by.Enum(['a', 'b']), by.Enum(['a', 2], { description: 'one of two' })],
  Union: (by) => [by.Union([by.Literal('a'), by.Null()]), by.Union([by.String()], { title: 'text' })],
  Array: (by) => [by.Array(by.String()), by.Array(by.Integer(), { maxItems: 3 })],
  Object: (by) => [
    by.Object({}),
    by.Object({ all: by.Optional(by.String()) }),
    by.Object({ a: by.String(), b: by.Optional(by.Integer()), c: by.Object({ d: by.Null() }) }, { title: 'both' }),
  ],
  Record: (by) => [by.Record(by.String(), by.Integer()), by.Record(by.String(), by.Null(), { title: 'map' })],
  Optional: (by) => [by.Optional(by.String({ pattern: 'a' })), by.Optional(by.Optional(by.Integer()))],
  Partial: (by) => [by.Partial(by.Object({ a: by.String(), b: by.Optional(by.Integer()) }))],
};

describe('a schema is the same as TypeBox makes it', () => {
  test.each(Object.entries(built))('%s', (_name, of) => {
    expect(of(Type).map(described)).toEqual(of(TypeBox).map(described));
  });
});

/** What shows, in the order in which the documents have it, then what does not. */
function described(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(described);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(Object.getOwnPropertyDescriptors(schema));
  const [shown, hidden] = [true, false].map((shows) => members.filter(([, { enumerable }]) => enumerable === shows));
  return [shown, hidden].map((some) => some?.map(([name, { value }]) => [name, described(value)]));
}
