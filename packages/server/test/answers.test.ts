/** What is answered is what the route tables, and so the documents, say: every operation, called for good. */
import { Compile } from 'typebox/compile';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, DIALECTS, list } from './dialects.ts';
import { examplesOf } from './examples.ts';
import { callOf, type Example, routesOn, samplesOn } from './operations.ts';
import { enrol, installationReq, randomPcid } from './roles.ts';
import { eachServer, type TestServer } from './running-server.ts';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  let examples: Example[];
  beforeAll(async () => {
    server = await start();
    const [opnc, opcp, quickstart] = [
      await samplesOn(server.url),
      await samplesOn(server.url),
      await samplesOn(server.url),
    ];
    examples = examplesOf({ opnc, opcp, quickstart });
  });

  test('ok/every answer is as it is stated', async () => {
    const routes = routesOn(server.store);
    const wrong: string[] = [];
    for (const example of examples) {
      const { status, json, text } = await call(server.url, callOf(example));
      const answers = routes.get(example.name)?.answers ?? {};
      for (const problem of problemsOf(answers, status, json ?? text)) wrong.push(`${example.name}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });

  test.each(DIALECTS)('ok/a failure for the car is as it is stated in $name', async (dialect) => {
    const car = await enrol(server.url, 'oem', randomPcid());
    const { method, path, body } = dialect.install(await installationReq(car));
    const { status, json } = await call(server.url, { method, path, body });
    expect(status).toBe(404);
    const answers = routesOn(server.store).get(`${method} ${path}`)?.answers ?? {};
    expect(problemsOf(answers, status, json)).toEqual([]);
  });
});

test('ok/a wrong answer is seen', () => {
  const [routes] = [{ 200: null }];
  expect(problemsOf(routes, 200, { some: 'thing' })).toEqual(['has a body where none is stated']);
  expect(problemsOf(routes, 201, '')).toEqual(['201 is not stated']);
});

function problemsOf(answers: Readonly<Record<number, object | null>>, status: number, body: unknown): string[] {
  const schema = answers[status];
  if (schema === undefined) return [`${status} is not stated`];
  if (schema === null) return body === '' ? [] : ['has a body where none is stated'];
  const errors = Compile(schema).Errors(body);
  return [
    ...errors.map(({ instancePath, message }) => `${instancePath} ${message}`),
    ...unstated(schema, body, '').map((field) => `${field} is not stated`),
  ];
}

/** Fields of the body that the schema does not have. */
function unstated(schema: unknown, body: unknown, place: string): string[] {
  if (Array.isArray(body)) {
    return body.flatMap((entry, index) => unstated(at(schema, 'items'), entry, `${place}/${index}`));
  }
  if (typeof body !== 'object' || body === null) return [];
  // An object without stated fields may hold anything, such as the metadata of a webhook endpoint.
  const known = Object.keys(Object(at(schema, 'properties')));
  if (known.length === 0 && list(at(schema, 'anyOf')).length === 0) return [];
  return Object.entries(body).flatMap(([name, value]) => {
    const field = `${place}/${name}`;
    return known.includes(name) ? unstated(at(schema, 'properties', name), value, field) : [field];
  });
}
