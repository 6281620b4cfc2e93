/** What is known of an operation without running it: enough to check its requests and to write its documents. */
import type { TSchema } from 'typebox';
import type { DomainErrorKind } from '../kernel/domain-error.ts';

export type Method = 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';

/** The parts of a request that an operation reads. A schema's `contentMediaType` is its type where that is not JSON. */
export interface Shapes<P extends TSchema, Q extends TSchema, H extends TSchema, B extends TSchema> {
  readonly params?: P;
  readonly query?: Q;
  readonly headers?: H;
  readonly body?: B;
}

/** The body of each answer that is no refusal, by its status; null is none. */
export type AnswerShapes = Readonly<Record<number, TSchema | null>>;

export interface Operation {
  readonly method: Method;
  /** In the field's spelling; other letter case and a slash at the end are accepted as well. */
  readonly path: string;
  /** The operation's name in the dialect's interface description. */
  readonly operation: string;
  /** What it does, in a few words. */
  readonly summary?: string;
  readonly shapes: Shapes<TSchema, TSchema, TSchema, TSchema>;
  /** The fields of its body are texts in one level, so it may come as XML or as a form as well. */
  readonly flatBody: boolean;
  /** Where its body comes in other types than its schema says. */
  readonly bodyTypes?: readonly string[];
  readonly answers: AnswerShapes;
  /** What stands in the header of the answers that are no refusal, by name. */
  readonly answerHeaders?: Readonly<Record<string, TSchema>>;
  /** The refusals that a caller has to reckon with, the most likely first. */
  readonly refusals: readonly DomainErrorKind[];
  readonly deprecated: boolean;
}
