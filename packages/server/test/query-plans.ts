/** What the database does for the queries that some work runs, in its own words. */
import { sql } from '../src/store/query-builder.ts';
import type { Store } from '../src/store/store.ts';

export interface QueryPlan {
  readonly statement: string;
  readonly plan: string;
}

/**
 * Runs the work, and has every query of it explained. PostgreSQL reads small tables whole whatever indexes there are, so
 * it is told what a large table would tell it.
 */
export async function plansOf(store: Store, work: (store: Store) => Promise<unknown>): Promise<QueryPlan[]> {
  const seen: { sql: string; parameters: readonly unknown[] }[] = [];
  const watched = store.db.withPlugin({
    transformQuery({ node, queryId }) {
      const { sql, parameters } = store.db.getExecutor().compileQuery(node, queryId);
      seen.push({ sql, parameters });
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await work({ ...store, db: watched });
  const plans: QueryPlan[] = [];
  for (const { sql: statement, parameters } of seen) {
    plans.push({ statement, plan: await planOf(store, statement, parameters) });
  }
  return plans;
}

async function planOf(store: Store, statement: string, parameters: readonly unknown[]): Promise<string> {
  return await store.db.transaction().execute(async (tx) => {
    if (store.kind === 'postgresql') {
      for (const setting of ['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin']) {
        await sql`set local ${sql.raw(setting)} = off`.execute(tx);
      }
    }
    // Parameters stand in the order of their places in both databases.
    const parts = statement.split(/\$\d+|\?/);
    const query = sql.join(
      parts.flatMap((part, index) => [sql.raw(part), ...(index < parts.length - 1 ? [sql`${parameters[index]}`] : [])]),
      sql``,
    );
    const explain = store.kind === 'postgresql' ? sql`explain ` : sql`explain query plan `;
    const { rows } = await sql<Record<string, unknown>>`${explain}${query}`.execute(tx);
    return rows.map((row) => String(row['detail'] ?? row['QUERY PLAN'])).join('\n');
  });
}
