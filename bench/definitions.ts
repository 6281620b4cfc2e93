/** Indexes and constraints of tables, taken away while the tables are filled and made again as they were. */
import type { Client } from 'pg';

export interface Definitions {
  /** Indexes, primary and unique keys of one table: to be made again when its rows are there. */
  ofTable(table: string): readonly string[];
  /** Foreign keys between the tables, to be made, and so checked, when all are there. */
  readonly foreignKeys: readonly string[];
}

interface Row {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Takes them away. */
export async function takeDown(client: Client, tables: readonly string[]): Promise<Definitions> {
  const constraints = async (kinds: readonly string[]) => {
    const { rows } = await client.query<Row>(
      `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
       from pg_constraint
       where contype = any ($2) and (conrelid = any ($1::regclass[]) or confrelid = any ($1::regclass[]))`,
      [tables, kinds],
    );
    return rows;
  };
  const [foreign, keys] = [await constraints(['f']), await constraints(['p', 'u'])];
  for (const { table, name } of [...foreign, ...keys]) {
    await client.query(`alter table ${table} drop constraint ${name}`);
  }
  // What is left belongs to no constraint.
  const { rows: indexes } = await client.query<Row>(
    `select indrelid::regclass::text as table, indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = any ($1::regclass[])`,
    [tables],
  );
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  const added = ({ table, name, definition }: Row) => `alter table ${table} add constraint ${name} ${definition}`;
  return {
    ofTable: (table) => [
      ...keys.filter((key) => key.table === table).map(added),
      ...indexes.filter((index) => index.table === table).map(({ definition }) => definition),
    ],
    foreignKeys: foreign.map(added),
  };
}
