/** Places in JSON bodies and in their schemas, so that a good body can be spoilt in one place at a time. */
import { at, list } from './dialects.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}
export type Place = readonly (string | number)[];

/** `contractData.subCertificates[0]`, as error messages name it. */
export function nameOf(place: Place): string {
  return place.reduce<string>(
    (name, step) => (typeof step === 'number' ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`),
    '',
  );
}

/** The same body with another value at the place. */
export function withValue(body: JsonObject, place: Place, value: Json): JsonObject {
  return changed(body, place, () => value);
}

/** The same body without the field or entry at the place. */
export function without(body: JsonObject, place: Place): JsonObject {
  return changed(body, place, () => undefined);
}

export function valueAt(body: Json, place: Place): unknown {
  return at(body, ...place);
}

/** Every place in a body below its root. */
export function placesIn(body: Json): Place[] {
  if (typeof body !== 'object' || body === null) return [];
  const entries: [string | number, Json][] = isList(body) ? [...body.entries()] : Object.entries(body);
  return entries.flatMap(([step, value]) => [[step], ...placesIn(value).map((below) => [step, ...below])]);
}

/** A field that a schema knows. */
export interface Field {
  readonly place: Place;
  readonly type: 'string' | 'array' | 'object';
  readonly required: boolean;
  readonly nullable: boolean;
}

/** The fields of a TypeBox object, those of nested objects and the entries of arrays included. */
export function fieldsOf(schema: unknown, place: Place = []): Field[] {
  const required = list(at(schema, 'required'));
  return Object.entries(Object(at(schema, 'properties') ?? {})).flatMap(([name, property]) =>
    fieldAndBelow(property, [...place, name], required.includes(name)),
  );
}

function fieldAndBelow(schema: unknown, place: Place, required: boolean): Field[] {
  const alternatives = list(at(schema, 'anyOf'));
  const nullable = alternatives.some((alternative) => at(alternative, 'type') === 'null');
  const type = at(alternatives[0] ?? schema, 'type');
  if (type === 'array') {
    const entry = fieldAndBelow(at(alternatives[0] ?? schema, 'items'), [...place, 0], false);
    return [{ place, type, required, nullable }, ...entry];
  }
  if (type === 'object') return [{ place, type, required, nullable }, ...fieldsOf(schema, place)];
  if (type === 'string') return [{ place, type, required, nullable }];
  throw new Error(`${nameOf(place)} has a type that this test does not know`);
}

function changed(body: JsonObject, [step, ...below]: Place, change: () => Json | undefined): JsonObject {
  const fields = new Map(Object.entries(body));
  const value = inside(fields.get(String(step)), below, change);
  if (value === undefined) fields.delete(String(step));
  else fields.set(String(step), value);
  return Object.fromEntries(fields);
}

function inside(value: Json | undefined, below: Place, change: () => Json | undefined): Json | undefined {
  const [step, ...further] = below;
  if (step === undefined) return change();
  if (typeof step === 'string') return changed(isObject(value) ? value : {}, below, change);
  const entries = isList(value) ? value : [];
  const entry = inside(entries[step], further, change);
  return entry === undefined ? entries.toSpliced(step, 1) : entries.toSpliced(step, 1, entry);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}
