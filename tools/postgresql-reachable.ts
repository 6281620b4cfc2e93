/** Exit code 0 when the PostgreSQL server of the given URL lets us in, 1 when not. */
import { Client } from 'pg';

const client = new Client({ connectionString: process.argv[2] ?? '', connectionTimeoutMillis: 2_000 });
try {
  await client.connect();
  await client.end();
} catch {
  process.exitCode = 1;
}
