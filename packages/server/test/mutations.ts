/** Good octets and good JSON, spoilt at random. */
import fc from 'fast-check';
import { type Json, type JsonObject, placesIn, without, withValue } from './json-places.ts';

export interface Mutation {
  readonly at: number;
  readonly kind: 'overwrite' | 'flip' | 'insert' | 'remove' | 'truncate' | 'repeat';
  readonly octets: Uint8Array;
}

/** One to three; most of them a bit, so that what comes out is nearly what it was. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.oneof(
      { weight: 4, arbitrary: fc.constant('flip' as const) },
      { weight: 4, arbitrary: fc.constantFrom('overwrite', 'insert', 'remove', 'truncate', 'repeat') },
    ),
    octets: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** One bit. */
export const flips: fc.Arbitrary<Mutation[]> = fc
  .record({ at: fc.nat(), kind: fc.constant('flip' as const), octets: fc.uint8Array({ minLength: 1, maxLength: 1 }) })
  .map((flip) => [flip]);

export function mutated(octets: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  return changes.reduce<Uint8Array>((all, change) => (all.length === 0 ? all : changed(all, change)), octets);
}

function changed(all: Uint8Array, { at, kind, octets }: Mutation): Uint8Array {
  const place = at % all.length;
  const [head, tail] = [all.subarray(0, place), all.subarray(place)];
  switch (kind) {
    case 'flip':
      return Buffer.concat([head, [(tail[0] ?? 0) ^ (1 << ((octets[0] ?? 0) & 7))], tail.subarray(1)].map(asOctets));
    case 'overwrite':
      return Buffer.concat([head, octets, tail.subarray(octets.length)]);
    case 'insert':
      return Buffer.concat([head, octets, tail]);
    case 'remove':
      return Buffer.concat([head, tail.subarray(octets.length)]);
    case 'repeat':
      return Buffer.concat([head, tail, tail]);
    case 'truncate':
      return head;
  }
}

function asOctets(octets: Uint8Array | number[]): Uint8Array {
  return Uint8Array.from(octets);
}

/** Anything that JSON can say, and texts that look like what a field wants. */
export const anyJson: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map((value): Json => JSON.parse(JSON.stringify(value))),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.base64String({ maxLength: 2000 }),
  fc.constantFrom<Json>(
    '',
    ' ',
    '__proto__',
    'null',
    'V2G',
    'DEPPLC12345678',
    'WMI12345678901234',
    '9999-12-31T23:59:59Z',
  ),
  fc.constantFrom<Json>(
    'ab'.repeat(32),
    '-----BEGIN CERTIFICATE-----',
    'urn:iso:15118:20:2022:MsgDef',
    'a'.repeat(5000),
  ),
  fc.stringMatching(/^[A-Z]{2}-?\w{3}-?\w{9,12}-?\w?$/),
  fc.stringMatching(/^[a-zA-Z0-9]{17,18}$/),
);

/** The body with something else somewhere, once or twice; or without something. */
export function spoiltBody(body: JsonObject): fc.Arbitrary<JsonObject> {
  const places = [...placesIn(body), ['more']];
  const change = fc.record({ place: fc.constantFrom(...places), value: fc.option(anyJson, { nil: undefined }) });
  return fc
    .array(change, { minLength: 1, maxLength: 2 })
    .map((changes) =>
      changes.reduce(
        (all, { place, value }) => (value === undefined ? without(all, place) : withValue(all, place, value)),
        body,
      ),
    );
}
