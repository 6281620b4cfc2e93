/** Statements that PostgreSQL parses once for each connection and not each time: they get a name by their text. */

export type NameOfStatement = (text: string, parameters: readonly unknown[]) => string | undefined;

const MOST_NAMES = 400;
/** Longer ones are lists whose length is seldom the same twice. */
const LONGEST_TEXT = 3_000;

/** Names for all connections of a process; none for statements that are not worth one, or where the URL says so. */
export function statementNames(databaseUrl: string): NameOfStatement {
  if (!preparesStatements(databaseUrl)) return () => undefined;
  const names = new Map<string, string>();
  return (text, parameters) => {
    if (parameters.length === 0) return undefined;
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST_NAMES || !isPreparable(text)) return known;
    const name = `plugpool-${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}

/** Not with `?prepare=false`: a pooler that hands each transaction to another connection may not know what was prepared. */
function preparesStatements(databaseUrl: string): boolean {
  return !/[?&]prepare=false(?:&|$)/.test(databaseUrl);
}

/**
 * All columns of a table are others when a newer replica has migrated it, and PostgreSQL refuses a prepared statement
 * whose answer would change its form.
 */
function isPreparable(text: string): boolean {
  return text.length <= LONGEST_TEXT && !text.includes('*');
}
