/**
 * Statements that are built once. Their text follows from their shape, such as how many rows are written; to build it again
 * for each use costs more than to send it.
 */
import { CompiledQuery } from './query-builder.ts';
import type { Db } from './store.ts';

/** Longer ones are of long lists, which are seldom as long again; together they would fill the memory. */
const LONGEST_TEXT = 10_000;
const MOST_TEXTS = 1_000;

/** What the query builder makes, and SQL that is written out: that has to be told of which dialect. */
interface Buildable<Row> {
  compile(db: Db): CompiledQuery<Row>;
}

/** By dialect, then by shape. */
const texts = new WeakMap<object, Map<string, string>>();

/**
 * @param shape of this statement and no other; whatever changes its text is part of it
 * @param parameters the values, in the order in which they stand in the text
 * @param build makes the statement with these values. Called for the first of a shape; throws TypeError when its values
 *   are in another order.
 */
export function knownStatement<Row>(
  db: Db,
  shape: string,
  parameters: readonly unknown[],
  build: () => Buildable<Row>,
): CompiledQuery<Row> {
  const known = textsOf(db);
  const text = known.get(shape);
  if (text !== undefined) return CompiledQuery.raw(text, [...parameters]);
  const compiled = build().compile(db);
  const isSame = compiled.parameters.every((value, index) => value === parameters[index]);
  if (!isSame || compiled.parameters.length !== parameters.length) {
    throw new TypeError(`the values of '${shape}' are not in the order of its text`);
  }
  if (compiled.sql.length <= LONGEST_TEXT && known.size < MOST_TEXTS) known.set(shape, compiled.sql);
  return compiled;
}

/**
 * The same for rows that are written together.
 * @param columns of every row
 */
export function knownInsert<Column extends string, Result>(
  db: Db,
  shape: string,
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, unknown>>[],
  build: () => Buildable<Result>,
): CompiledQuery<Result> {
  const parameters = rows.flatMap((row) => columns.map((column) => row[column]));
  return knownStatement(db, `${shape} ${rows.length}`, parameters, build);
}

function textsOf(db: Db): Map<string, string> {
  const { adapter } = db.getExecutor();
  let known = texts.get(adapter);
  if (known === undefined) {
    known = new Map();
    texts.set(adapter, known);
  }
  return known;
}
