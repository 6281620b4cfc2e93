/** A row of a dialect's route table: what is asked, in which shape, and the function that answers. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { FormBody } from './form-body.ts';
import type { AnswerShapes, Method, Operation, Shapes } from './operation.ts';
import { type Validator, validatorOf } from './validation.ts';
import { XmlBody } from './xml-body.ts';

/** What goes back; without a body the answer is empty. */
export interface Answer<B = unknown> {
  readonly status: number;
  readonly body?: B;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema> {
  /** Path and query as they were sent. */
  readonly target: string;
  /** The id of the party that asks; undefined where nobody is asked who he is. */
  readonly party: string | undefined;
  readonly params: Static<P>;
  readonly query: Static<Q>;
  readonly headers: Static<H>;
  readonly body: Static<B>;
}

/** What the gate in front of the routes knows of a caller; absent where nobody is asked who he is. */
export interface Admission {
  /** The party's id, or the operator's who has a session. */
  readonly party: string;
  readonly client: string;
  /** As the audit log names whoever acts. */
  readonly actor: string;
  /** Throws `not-allowed` unless the caller may touch the objects that are named here. */
  admit(asked: object): Promise<void>;
}

declare module 'fastify' {
  interface FastifyRequest {
    admission?: Admission;
  }
  interface FastifyContextConfig {
    /** The operation's name in its dialect. */
    operation?: string;
  }
}

export interface Route extends Operation {
  readonly answer: (request: FastifyRequest) => Promise<Answer>;
}

interface RouteDefinition<
  P extends TSchema,
  Q extends TSchema,
  H extends TSchema,
  B extends TSchema,
  A extends AnswerShapes,
> extends Shapes<P, Q, H, B>,
    Pick<Operation, 'operation' | 'summary'>,
    Partial<Pick<Operation, 'flatBody' | 'refusals' | 'deprecated' | 'answerHeaders'>> {
  readonly answers?: A;
  readonly handle: (asked: Asked<P, Q, H, B>) => Promise<Answer<BodyOf<A>>>;
}

/** Where a row does not state its answers, their bodies can be anything. */
type BodyOf<A extends AnswerShapes> = number extends keyof A
  ? unknown
  : { [S in keyof A]: A[S] extends TSchema ? Static<A[S]> : undefined }[keyof A];

/** States one operation; the handler's argument has the types of the schemas and has been checked against them. */
export function route<
  P extends TSchema,
  Q extends TSchema,
  H extends TSchema,
  B extends TSchema,
  A extends AnswerShapes = AnswerShapes,
>(method: Method, path: string, definition: RouteDefinition<P, Q, H, B, A>): Route {
  const { handle, answers = {}, flatBody = false, refusals = [], deprecated = false, ...rest } = definition;
  const { operation, summary, answerHeaders, ...shapes } = rest;
  const params = partReader(shapes.params, 'path');
  const query = partReader(shapes.query, 'query');
  const headers = partReader(shapes.headers, 'headers');
  const body = partReader(shapes.body, 'body');
  return {
    method,
    path,
    operation,
    ...(summary !== undefined && { summary }),
    shapes,
    flatBody,
    answers,
    ...(answerHeaders !== undefined && { answerHeaders }),
    refusals,
    deprecated,
    async answer(request) {
      const asked = {
        target: request.url,
        party: request.admission?.party,
        params: await params(request.params),
        query: await query(request.query),
        headers: await headers(request.headers),
        body: await body(await fieldsOf(request.body)),
      };
      await request.admission?.admit(asked);
      return await handle(asked);
    },
  };
}

/** Puts a table of routes on the server. */
export function mount(app: FastifyInstance, routes: readonly Route[], prefix = ''): void {
  for (const { method, path, operation, answer, flatBody } of routes) {
    app.route({
      method,
      url: `${prefix}${path}`,
      config: { flatBody, operation },
      handler: async (request, reply) => {
        const { status, body, headers } = await answer(request);
        reply.code(status);
        if (headers !== undefined) reply.headers(headers);
        return body === undefined ? reply.send() : reply.send(body);
      },
    });
  }
}

function fieldsOf(body: unknown): unknown {
  return body instanceof XmlBody || body instanceof FormBody ? body.fields() : body;
}

function partReader<S extends TSchema>(schema: S | undefined, part: string): Validator<S> {
  // A part without a schema has nothing that a handler could read.
  return schema === undefined ? () => undefined as Static<S> : validatorOf(schema, part);
}
