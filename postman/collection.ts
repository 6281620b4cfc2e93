/** Writes a Postman collection (v2.1) from an OpenAPI document of ours: the life of a contract, and every operation. */
import { type Json, type JsonObject, member, resolved, schemaOf } from './document.ts';
import { testScript } from './test-script.ts';
import { tokenScript } from './token-script.ts';

/** One call of the life of a contract. Texts may name variables as `{{name}}`. */
export interface Step {
  readonly name: string;
  /** The operation's id in the document. */
  readonly operation: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes as it is. */
  readonly body?: Json;
  readonly status: number;
  /** The first of the error messages. */
  readonly refusal?: string;
  /** Variables by the places in the answer that they are taken from, such as `list[0].id`. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Variables by the number of the certificate in the answer of EST. */
  readonly keepCertificates?: Readonly<Record<string, number>>;
  /** What stands at places of the answer. */
  readonly expect?: Readonly<Record<string, Json>>;
}

export interface CollectionPlan {
  readonly name: string;
  readonly description: string;
  /** The operations of a step are those of the document beside it. */
  readonly life: readonly { readonly document: Json; readonly steps: readonly Step[] }[];
}

export const LIFE = 'The life of a contract';

interface Found {
  readonly method: string;
  readonly path: string;
  readonly operation: JsonObject;
}

export function collectionOf(document: Json, { name, description, life }: CollectionPlan): JsonObject {
  return {
    info: {
      name,
      description,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
    event: [{ listen: 'prerequest', script: { type: 'text/javascript', exec: tokenScript } }],
    item: [
      {
        name: LIFE,
        item: life.flatMap(({ document: of, steps }) => steps.map((step) => stepItem(of, operationsIn(of), step))),
      },
      ...[...Map.groupBy(operationsIn(document).values(), tagOf)].map(([tag, found]) => ({
        name: tag,
        item: found.map((each) => operationItem(document, each)),
      })),
    ],
  };
}

function operationsIn(document: Json): Map<string, Found> {
  return new Map(
    Object.entries(Object(member(document, 'paths'))).flatMap(([path, methods]) =>
      Object.entries<JsonObject>(Object(methods)).map(([method, operation]): [string, Found] => [
        String(operation['operationId']),
        { method: method.toUpperCase(), path, operation },
      ]),
    ),
  );
}

function tagOf({ operation }: Found): string {
  return String(member(operation, 'tags', 0));
}

function stepItem(document: Json, operations: ReadonlyMap<string, Found>, step: Step): JsonObject {
  const found = operations.get(step.operation);
  if (found === undefined) throw new Error(`there is no operation ${step.operation}`);
  const { method, path, operation } = found;
  const headers = { ...typeHeader(operation, step.body), ...step.headers };
  const schema = step.status < 400 ? schemaOf(document, operation, step.status) : undefined;
  return {
    name: step.name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: testScript(step, schema) } }],
    request: {
      method,
      header: Object.entries(headers).map(([key, value]) => ({ key, value })),
      ...(step.body !== undefined && { body: rawBody(step.body) }),
      url: urlOf(
        path,
        step.params ?? {},
        Object.entries(step.query ?? {}).map(([key, value]) => ({ key, value })),
      ),
    },
  };
}

/** A call to fill in: each field and parameter is a variable with its own name. */
function operationItem(document: Json, { method, path, operation }: Found): JsonObject {
  const parameters = [...Object.values<Json>(Object(operation['parameters'] ?? []))];
  const named = (place: string) =>
    parameters
      .filter((parameter) => member(parameter, 'in') === place)
      .map((parameter) => ({
        key: String(member(parameter, 'name')),
        required: member(parameter, 'required') === true,
      }));
  const content = Object.entries(Object(member(operation, 'requestBody', 'content')));
  const [type, json] = content[0] ?? [];
  const body = type === 'application/json' ? fieldsToFill(document, member(Object(json), 'schema')) : undefined;
  return {
    name: `${method} ${path}`,
    request: {
      method,
      ...(operation['summary'] !== undefined && { description: operation['summary'] }),
      header: [
        ...(type === undefined ? [] : [{ key: 'content-type', value: type }]),
        ...named('header').map(({ key }) => ({ key, value: '', disabled: true })),
      ],
      ...(type !== undefined && { body: rawBody(body ?? '{{body}}') }),
      url: urlOf(
        path,
        Object.fromEntries(named('path').map(({ key }) => [key, `{{${key}}}`])),
        named('query').map(({ key, required }) => ({ key, value: `{{${key}}}`, ...(!required && { disabled: true }) })),
      ),
    },
  };
}

/** Required fields only; a field that may be left out is left out. */
function fieldsToFill(document: Json, schema: Json | undefined, name = 'value'): Json {
  const found = resolved(document, schema);
  const required = Object.values<Json>(Object(member(found, 'required') ?? []));
  const properties = Object.entries<Json>(Object(member(found, 'properties') ?? {}));
  if (member(found, 'type') === 'array') return [fieldsToFill(document, member(found, 'items'), name)];
  if (member(found, 'type') !== 'object') return `{{${name}}}`;
  return Object.fromEntries(
    properties
      .filter(([field]) => required.includes(field))
      .map(([field, property]) => [field, fieldsToFill(document, property, field)]),
  );
}

function typeHeader(operation: JsonObject, body: Json | undefined): Record<string, string> {
  if (body === undefined) return {};
  const [type = 'application/json'] = Object.keys(Object(member(operation, 'requestBody', 'content')));
  return { 'content-type': type };
}

function rawBody(body: Json): JsonObject {
  if (typeof body === 'string') return { mode: 'raw', raw: body };
  return { mode: 'raw', raw: JSON.stringify(body, null, 2), options: { raw: { language: 'json' } } };
}

function urlOf(path: string, params: Readonly<Record<string, string>>, query: readonly JsonObject[]): JsonObject {
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name) => params[name] ?? `{{${name}}}`);
  const search = query
    .filter(({ disabled }) => disabled !== true)
    .map(({ key, value }) => `${key}=${value}`)
    .join('&');
  return {
    raw: `{{baseUrl}}${filled}${search === '' ? '' : `?${search}`}`,
    host: ['{{baseUrl}}'],
    path: filled.split('/').slice(1),
    ...(query.length > 0 && { query }),
  };
}
