/** Writes the OpenAPI 3.1 document of a dialect from its route tables: what is checked is what is written. */
import type { Operation } from '../http/operation.ts';
import { operationObject } from './operation-object.ts';
import { type SchemaObject, schemaWriter } from './schema-writer.ts';

export interface DialectDescription {
  readonly title: string;
  readonly description: string;
  /** Of the interface, not of this program. */
  readonly version: string;
  /** With their whole paths. */
  readonly operations: readonly Operation[];
  /** Headers that every operation takes, by their names as the dialect writes them. */
  readonly headers?: Readonly<Record<string, SchemaObject>>;
  /** Chapters by the beginning of the paths below them; of two that fit the first counts. */
  readonly chapters: readonly { readonly name: string; readonly under: readonly string[] }[];
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, SchemaObject>>>>;
  readonly [name: string]: unknown;
}

/** The same operations give the same document, to the octet. */
export function openApiDocument(dialect: DialectDescription): OpenApiDocument {
  const { title, description, version, operations, headers = {}, chapters } = dialect;
  const schemas = schemaWriter();
  const paths: Record<string, Record<string, SchemaObject>> = {};
  const used = new Map<string, number>();
  for (const operation of operations) {
    // An operation that is served under two paths has two names.
    const times = (used.get(operation.operation) ?? 0) + 1;
    used.set(operation.operation, times);
    const operationId = times === 1 ? operation.operation : `${operation.operation}-${times}`;
    const path = operation.path.replaceAll(/:([\w-]+)/g, '{$1}');
    const tag = chapters.find(({ under }) => under.some((start) => path.startsWith(start)))?.name;
    const methods = paths[path] ?? {};
    methods[operation.method.toLowerCase()] = {
      operationId,
      ...operationObject(operation, { tag, headers, schemas }),
    };
    paths[path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    // The paths are whole, so the document is good for whatever server it came from.
    servers: [{ url: '/' }],
    // Without authentication the server asks for none.
    security: [{}, { accessToken: [] }, { client: [] }],
    tags: chapters.map(({ name }) => ({ name })),
    paths,
    components: {
      schemas: schemas.components(),
      securitySchemes: {
        accessToken: { type: 'http', scheme: 'bearer' },
        client: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: {} } } },
      },
    },
  } as OpenApiDocument;
}
