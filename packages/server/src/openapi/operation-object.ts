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
    ...parametersOf(shapes.params, 'path'),
    ...parametersOf(shapes.query, 'query'),
    ...parametersOf(shapes.headers, 'header'),
    ...Object.entries(headers).map(([name, schema]) => parameter(name, 'header', false, schema)),
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

function parametersOf(schema: object | undefined, place: 'path' | 'query' | 'header'): SchemaObject[] {
  const { properties, required }: { properties?: unknown; required?: unknown } = { ...schema };
  return Object.entries(Object(properties)).map(([key, property]) => {
    const isRequired = Array.isArray(required) && required.includes(key);
    return parameter(key, place, isRequired, { ...Object(property) });
  });
}

/** A header's title is its name, for its key is in lower case; `documentedAs` says what a text that is checked later holds. */
function parameter(key: string, place: string, required: boolean, schema: SchemaObject): SchemaObject {
  const { title, description, documentedAs, ...rest } = schema;
  return {
    name: typeof title === 'string' ? title : key,
    in: place,
    ...(required && { required }),
    ...(description !== undefined && { description }),
    schema: typeof documentedAs === 'object' && documentedAs !== null ? documentedAs : rest,
  };
}

const flatTypes = ['application/xml', 'multipart/form-data'];

function bodyOf({ flatBody }: Operation, body: object, schemas: SchemaWriter): SchemaObject {
  const types = [mediaTypeOf(body), ...(flatBody ? flatTypes : [])];
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
      if (answer === null) return { description };
      return { description, content: { [mediaTypeOf(answer)]: { schema: schemas.write(answer) } } };
    }
    const error = schemas.write(Refused);
    const schema = answer === null ? error : { anyOf: [error, schemas.write(answer)] };
    const examples = refusals.get(status) ?? {};
    return { description, content: { 'application/json': { schema, examples } } };
  }
}

function mediaTypeOf(schema: object): string {
  const { contentMediaType }: { contentMediaType?: unknown } = { ...schema };
  return typeof contentMediaType === 'string' ? contentMediaType : 'application/json';
}
