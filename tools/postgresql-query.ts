/** What tests and measurements say to a PostgreSQL server themselves. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

export interface OwnDatabase {
  readonly url: string;
  /** Whoever is connected to it is thrown out. */
  drop(): Promise<void>;
}

/** An empty database beside that of the URL, under a name that begins as given. */
export async function createDatabase(serverUrl: string, prefix: string): Promise<OwnDatabase> {
  const name = `${prefix}_${randomUUID().replaceAll('-', '')}`;
  await queried(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async drop() {
      await queried(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** The rows of one statement, on a connection of its own. Throws when nobody answers there, or what PostgreSQL says. */
export async function queried(connectionString: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  // The server may go while it is asked; the statement fails then, and that is enough.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
