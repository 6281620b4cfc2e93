/** The type of statements that a transaction sends without waiting for each other. */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Tx } from './store.ts';

type Statements = readonly CompiledQuery<unknown>[];

/** One for each statement, in their order. */
type ResultsOf<S extends Statements> = {
  readonly [I in keyof S]: S[I] extends CompiledQuery<infer Row> ? QueryResult<Row> : never;
};

export type Together = <S extends Statements>(tx: Tx, statements: readonly [...S]) => Promise<ResultsOf<S>>;

/** @param run a result for each statement, in their order; what rows they have, the statements say */
export function together(run: (tx: Tx, statements: Statements) => Promise<readonly QueryResult<unknown>[]>): Together {
  return async <S extends Statements>(tx: Tx, statements: readonly [...S]) =>
    (await run(tx, statements)) as ResultsOf<S>;
}
