/** The least that an operation asks of the database, straight through the driver. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Pool } from 'pg';
import type { BenchDatabase } from './databases.ts';

export interface CeilingDatabase {
  /** The one row that an installation cannot do without, by an index. */
  selectResponse(emaid: string): Promise<Uint8Array>;
  /** One row of the size of a stored response in a transaction, on disk when the promise resolves. */
  insertResponse(id: string, response: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** As many connections as the server's own pool has. */
const CONNECTIONS = 16;

export async function openCeilingDatabase(database: BenchDatabase): Promise<CeilingDatabase> {
  return database.kind === 'SQLite' ? openSqlite(database.dataDirectory) : await openPostgresql(database.url);
}

function openSqlite(dataDirectory: string): CeilingDatabase {
  const database = new DatabaseSync(join(dataDirectory, 'plugpool.db'), { timeout: 10_000 });
  database.exec('pragma journal_mode = wal; pragma synchronous = full;');
  database.exec('create table if not exists bench_response (id text primary key, response blob not null)');
  const select = database.prepare('select installation_res from signed_contract_data where emaid = ?');
  const begin = database.prepare('begin immediate');
  const insert = database.prepare('insert into bench_response (id, response) values (?, ?)');
  const commit = database.prepare('commit');
  return {
    selectResponse: async (emaid) => octets(select.get(emaid)?.['installation_res']),
    async insertResponse(id, response) {
      begin.run();
      insert.run(id, response);
      commit.run();
    },
    close: async () => database.close(),
  };
}

async function openPostgresql(url: string): Promise<CeilingDatabase> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  await pool.query('create table if not exists bench_response (id text primary key, response bytea not null)');
  const select = { name: 'select', text: 'select installation_res from signed_contract_data where emaid = $1' };
  const insert = { name: 'insert', text: 'insert into bench_response (id, response) values ($1, $2)' };
  return {
    async selectResponse(emaid) {
      const { rows } = await pool.query<Record<string, unknown>>({ ...select, values: [emaid] });
      return octets(rows[0]?.['installation_res']);
    },
    async insertResponse(id, response) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query({ ...insert, values: [id, response] });
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

function octets(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error('the row that the ceiling reads is not there');
  return value;
}
