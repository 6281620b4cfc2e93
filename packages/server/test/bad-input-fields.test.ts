/** Every field of every call: of a wrong type, missing, or with a value that its field does not take. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../src/http/route.ts';
import { call } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { type Field, fieldsOf, type Json, type JsonObject, nameOf, without, withValue } from './json-places.ts';
import { callOf, type Example, routesOn, samplesOn, withBody } from './operations.ts';
import { expectRefused, type Spoilt } from './refusal.ts';
import { eachServer, type TestServer } from './running-server.ts';

const anyType: readonly Json[] = ['some text', 4711, 1e308, null, true, [], {}];

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let routes: Map<string, Route>;
  let examples: Example[];
  beforeAll(async () => {
    server = await start();
    routes = routesOn(server.store);
    const [opnc, opcp, quickstart] = [
      await samplesOn(server.url),
      await samplesOn(server.url),
      await samplesOn(server.url),
    ];
    examples = examplesOf({ opnc, opcp, quickstart });
  });

  const refusesAll = (calls: readonly Spoilt[]) => expectRefused(server, calls);

  // Whoever adds an operation adds a good call of it to `examples.ts`, and all that is wrong with it is tried.
  test('ok/there is an example for each operation of the dialects', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual([...routes.keys()].sort());
  });

  test('fail/fields of a wrong type', async () => {
    const calls = withBody(examples).flatMap((example) =>
      fieldsOf(routes.get(example.name)?.shapes.body).flatMap((field) => wronglyTyped(example, example.body, field)),
    );
    expect(calls.length).toBeGreaterThan(500);
    await refusesAll(calls);
  });

  test('fail/a body of a wrong type', async () => {
    const bodies: [string, string][] = [
      ['number', '4711'],
      ['null', 'null'],
      ['text', '"some text"'],
      ['boolean', 'true'],
      ['array', '[]'],
      ['no', ''],
    ];
    await refusesAll(
      withBody(examples).flatMap((example) =>
        bodies.map(([title, body]) => ({
          title: `${example.name} with ${title} body`,
          call: { ...callOf(example), body },
          names: 'body : must be an object',
        })),
      ),
    );
  });

  test('fail/required fields missing', async () => {
    const calls = withBody(examples).flatMap((example) =>
      fieldsOf(routes.get(example.name)?.shapes.body)
        .filter(({ required }) => required)
        .map(({ place }) => ({
          title: `${example.name} without ${nameOf(place)}`,
          call: { ...callOf(example), body: without(example.body, place) },
          names: `${nameOf(place)} : must not be null`,
        })),
    );
    expect(calls.length).toBeGreaterThan(50);
    await refusesAll(calls);
  });

  test('fail/query parameters that come twice', async () => {
    const calls = examples.flatMap((example) =>
      fieldsOf(routes.get(example.name)?.shapes.query).map(({ place }) => {
        const [name] = place;
        const { path, ...rest } = callOf({ ...example, query: {} });
        const value = example.query?.[String(name)] ?? 'x';
        return {
          title: `${example.name} with two ${name}`,
          call: { ...rest, path: `${path}?${name}=${value}&${name}=${value}` },
          names: `${name} : must be a string`,
        };
      }),
    );
    expect(calls.length).toBeGreaterThan(12);
    await refusesAll(calls);
  });

  test('ok/all examples are good as they are', async () => {
    for (const example of examples) {
      const { status, text } = await call(server.url, callOf(example));
      expect({ name: example.name, status, text: status === example.good ? '' : text }).toEqual({
        name: example.name,
        status: example.good,
        text: '',
      });
    }
  });
});

function wronglyTyped(example: Example, body: JsonObject, field: Field): Spoilt[] {
  const name = nameOf(field.place);
  return anyType
    .filter((value) => typeOf(value) !== field.type && !(field.nullable && value === null))
    .map((value) => ({
      title: `${example.name} with ${name} = ${JSON.stringify(value)}`,
      call: { ...callOf(example), body: withValue(body, field.place, value) },
      names: `${name} : `,
    }));
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
