import type { LogEvent } from 'kysely';

/** A statement that has ended. Its text has no values in it. */
export interface EndedStatement {
  /** `select`, `insert`, `update`, `delete`, `begin`, `commit`, `rollback` or `other`. */
  readonly kind: string;
  readonly sql: string;
  readonly seconds: number;
  readonly failed: boolean;
}

export type Queried = (statement: EndedStatement) => void;

/** For the query builder, which measures. */
export function statementLog(queried: Queried): (event: LogEvent) => void {
  return ({ level, query, queryDurationMillis }) => {
    const [kind = ''] = query.sql.split(' ', 1);
    queried({
      kind: kinds.has(kind) ? kind : 'other',
      sql: query.sql,
      seconds: queryDurationMillis / 1000,
      failed: level === 'error',
    });
  };
}

const kinds = new Set(['select', 'insert', 'update', 'delete', 'begin', 'commit', 'rollback']);
