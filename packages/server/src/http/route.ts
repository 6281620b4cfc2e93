/** A row of a dialect's route table: what is asked, in which shape, and the function that answers. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { type Validator, validatorOf } from './validation.ts';
import { XmlBody } from './xml-body.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** What goes back; without a body the answer is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

interface Shapes<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema> {
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
}

interface Asked<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema> {
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly headers: Static<H>;
  readonly body: Static<B>;
}

export interface Route {
  readonly method: Method;
  /** In the field's spelling; other letter case and a slash at the end are accepted as well. */
  readonly path: string;
  /** The operation's name in the dialect's interface description. */
  readonly operation: string;
  readonly shapes: Shapes<TSchema, TSchema, TSchema, TSchema>;
  readonly acceptsXml: boolean;
  readonly answer: (request: FastifyRequest) => Promise<Answer>;
}

interface RouteDefinition<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema>
  extends Shapes<P, Q, H, B> {
  readonly operation: string;
  readonly acceptsXml?: boolean;
  readonly handle: (asked: Asked<P, Q, H, B>) => Promise<Answer>;
}

/** States one operation; the handler's argument has the types of the schemas and has been checked against them. */
export function route<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema>(
  method: Method,
  path: string,
  definition: RouteDefinition<P, Q, H, B>,
): Route {
  const { operation, acceptsXml = false, handle, ...shapes } = definition;
  const params = partReader(shapes.params, 'path');
  const query = partReader(shapes.query, 'query');
  const headers = partReader(shapes.headers, 'headers');
  const body = partReader(shapes.body, 'body');
  return {
    method,
    path,
    operation,
    shapes,
    acceptsXml,
    answer: async (request) =>
      handle({
        params: params(request.params),
        query: query(request.query),
        headers: headers(request.headers),
        body: body(request.body instanceof XmlBody ? request.body.fields() : request.body),
      }),
  };
}

/** Puts a table of routes on the server. */
export function mount(app: FastifyInstance, routes: readonly Route[], prefix = ''): void {
  for (const { method, path, answer, acceptsXml } of routes) {
    app.route({
      method,
      url: `${prefix}${path}`,
      config: { acceptsXml },
      handler: async (request, reply) => {
        const { status, body } = await answer(request);
        reply.code(status);
        return body === undefined ? reply.send() : reply.send(body);
      },
    });
  }
}

function partReader<S extends TSchema>(schema: S | undefined, part: string): (value: unknown) => Static<S> {
  // A part without a schema has nothing that a handler could read.
  if (schema === undefined) return () => undefined as Static<S>;
  const validator: Validator<S> = validatorOf(schema, part);
  return (value) => validator(value);
}
