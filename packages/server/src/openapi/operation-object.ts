/** One operation of a document, but for its name: parameters, body, answers and refusals. */
import { STATUS_CODES } from 'node:http';
import type { Operation } from '../http/operation.ts';
import { Refused, refusalExamples } from './refusal-examples.ts';
import type { SchemaObject, SchemaWriter } from './schema-writer.ts';

interface Surroundings {
  readonly tag: string | undefined;
  /** Headers that every operation of the dialect takes. */
  readonly headers: Readonly<Record<string, SchemaObject>>;
  readonly schemas: SchemaWriter;
}

export function operationObject(operation: Operation, { tag, headers, schemas }: Surroundings): SchemaObject {
  const { shapes, summary, deprecated } = operation;
  const parameters = [
    ...parametersOf(shapes.params, 'path', schemas),
    ...parametersOf(shapes.query, 'query', schemas),
    ...parametersOf(shapes.headers, 'header', schemas),
    ...Object.entries(headers).map(([name, schema]) => parameter({ name, place: 'header', schema }, schemas)),
  ];
  return {
    ...(summary !== undefined && { summary }),
    ...(tag !== undefined && { tags: [tag] }),
    ...(deprecated && { deprecated }),
    ...(parameters.length > 0 && { parameters }),
    ...(shapes.body !== undefined && { requestBody: bodyOf(operation, shapes.body, schemas) }),
    responses: responsesOf(operation, schemas),
  };
}

type Place = 'path' | 'query' | 'header';

function parametersOf(shape: object | undefined, place: Place, schemas: SchemaWriter): SchemaObject[] {
  const { properties, required }: { properties?: unknown; required?: unknown } = { ...shape };
  return Object.entries(Object(properties)).map(([name, property]) => {
    const isRequired = Array.isArray(required) && required.includes(name);
    return parameter({ name, place, isRequired, schema: { ...Object(property) } }, schemas);
  });
}

interface Parameter {
  /** Of a header in lower case; its title has the name as the dialect writes it. */
  readonly name: string;
  readonly place: Place;
  readonly isRequired?: boolean;
  /** `documentedAs` says what a text holds that the handler reads by itself. */
  readonly schema: SchemaObject;
}

function parameter({ name, place, isRequired = false, schema }: Parameter, schemas: SchemaWriter): SchemaObject {
  const { title, description, documentedAs, ...rest } = schema;
  return {
    name: typeof title === 'string' ? title : name,
    in: place,
    ...(isRequired && { required: true }),
    ...(description !== undefined && { description }),
    schema: typeof documentedAs === 'object' && documentedAs !== null ? documentedAs : schemas.write(rest),
  };
}

const flatTypes = ['application/xml', 'multipart/form-data'];

function bodyOf({ flatBody, bodyTypes }: Operation, body: object, schemas: SchemaWriter): SchemaObject {
  const types = bodyTypes ?? [mediaTypeOf(body), ...(flatBody ? flatTypes : [])];
  const schema = schemas.write(body);
  return { required: true, content: Object.fromEntries(types.map((type) => [type, { schema }])) };
}

function responsesOf(operation: Operation, schemas: SchemaWriter): SchemaObject {
  const refusals = refusalExamples(operation);
  const statuses = new Set([...Object.keys(operation.answers), ...refusals.keys()].map(Number));
  const entries = [...statuses].sort((a, b) => a - b).map((status) => [status, responseOf(operation, status)] as const);
  return Object.fromEntries(entries);

  function responseOf({ method, answers }: Operation, status: number): SchemaObject {
    const description = STATUS_CODES[status] ?? '';
    const answer = answers[status] ?? null;
    if (method === 'HEAD') return { description };
    if (status < 400) {
      const content = answer === null ? undefined : { [mediaTypeOf(answer)]: { schema: schemas.write(answer) } };
      const headers = headersOf(operation, schemas);
      return { description, ...(headers !== undefined && { headers }), ...(content !== undefined && { content }) };
    }
    const error = schemas.write(Refused);
    const schema = answer === null ? error : { anyOf: [error, schemas.write(answer)] };
    const examples = refusals.get(status) ?? {};
    return { description, content: { 'application/json': { schema, examples } } };
  }
}

function headersOf({ answerHeaders }: Operation, schemas: SchemaWriter): SchemaObject | undefined {
  if (answerHeaders === undefined) return undefined;
  const headers = Object.entries(answerHeaders).map(([name, shape]) => {
    const { description, ...schema }: SchemaObject = { ...shape };
    return [name, { ...(description !== undefined && { description }), schema: schemas.write(schema) }];
  });
  return Object.fromEntries(headers);
}

function mediaTypeOf(schema: object): string {
  const { contentMediaType }: { contentMediaType?: unknown } = { ...schema };
  return typeof contentMediaType === 'string' ? contentMediaType : 'application/json';
}
