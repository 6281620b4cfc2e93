/**
 * Fills the pools of a PostgreSQL database that holds a fleet and nothing else: set by set inside the database, into
 * tables without indexes, two tables at a time. The server is to run with the settings for loading.
 */
import { Client } from 'pg';
import { type Definitions, takeDown } from './definitions.ts';
import { COPIED, type CopiedRows, type Places, PREPARATION, selecting } from './filled-rows.ts';
import { type Progress, progressOf } from './filling-progress.ts';

const PLACES_AT_ONCE = 10_000;
const TABLES_AT_ONCE = 2;
/** What of a table's work its rows are; the rest is its indexes. */
const SHARE_OF_ROWS = 0.6;
/** Roughly what of the work a table is: for the progress only. */
const SHARES: Readonly<Record<string, number>> = {
  signed_contract_data: 0.35,
  audit: 0.3,
  vehicle: 0.15,
  issued_certificate: 0.15,
  contract: 0.03,
  default_contract: 0.02,
};

/** Rows of a table that are copied, and where they are kept in the meantime. */
interface Source extends CopiedRows {
  readonly source: string;
}

/** @param url of a database with a vehicle for each of the places' members, with one contract each, and no server on it */
export async function fill(url: string, places: Places): Promise<void> {
  const client = await connected(url);
  try {
    await client.query(PREPARATION);
    const sources = COPIED.map((rows, index) => ({ ...rows, source: `filling.source_${index}` }));
    for (const source of sources) await keepAside(client, source);
    const tables = Map.groupBy(sources, ({ table }) => table);
    for (const [table, ofTable] of tables) await keepTheRest(client, table, ofTable);
    const definitions = await takeDown(client, [...tables.keys()]);
    const progress = progressOf(places.size, 'contracts');
    const waiting = [...tables];
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await fillTable(url, ...next, { places, definitions, progress });
      }
    };
    await Promise.all(Array.from({ length: TABLES_AT_ONCE }, worker));
    for (const foreignKey of definitions.foreignKeys) await client.query(foreignKey);
    await count(client);
    await client.query('drop schema filling cascade');
    await client.query('analyze');
    await client.query('checkpoint');
    progress.end();
  } finally {
    await client.end();
  }
}

async function keepAside(client: Client, { table, where, source }: Source): Promise<void> {
  await client.query(`create table ${source} as select member.*, source.ctid as row_before, source.*
    from ${table} as source join filling.member as member on ${where}`);
  await client.query(`create index on ${source} (n)`);
  await client.query(`analyze ${source}`);
}

/** What belongs to no vehicle of the fleet, such as certificates of authorities; of the audit log all, for its order stays. */
async function keepTheRest(client: Client, table: string, sources: readonly Source[]): Promise<void> {
  const copied = sources.map(({ source }) => `select row_before from ${source}`).join(' union all ');
  await client.query(`create table filling.rest_of_${table} as
    select * from ${table} ${table === 'audit' ? '' : `where ctid not in (${copied})`}`);
}

interface Filling {
  readonly places: Places;
  readonly definitions: Definitions;
  readonly progress: Progress;
}

async function fillTable(url: string, table: string, sources: readonly Source[], filling: Filling): Promise<void> {
  const { places, definitions, progress } = filling;
  const client = await connected(url);
  const share = SHARES[table] ?? 0;
  try {
    const columns = await columnsOf(client, table);
    const octets = await columnsOf(client, table, 'bytea');
    // Nothing in these is worth compressing, which PostgreSQL would try each time.
    for (const column of octets) await client.query(`alter table ${table} alter "${column}" set storage external`);
    // With the settings for loading, what goes into a table that was emptied in the same transaction is written once.
    await client.query('begin');
    await client.query(`truncate ${table}`);
    await client.query(`insert into ${table} select * from filling.rest_of_${table}`);
    const insert = table === 'audit' ? auditInserter : inserter;
    const insertPlaces = await insert(client, table, columns, sources, places);
    for (let first = 0; first < places.size; first += PLACES_AT_ONCE) {
      const last = Math.min(places.size, first + PLACES_AT_ONCE) - 1;
      await insertPlaces(first, last);
      progress.add((share * SHARE_OF_ROWS * (last + 1 - first)) / places.size);
    }
    await client.query('commit');
    for (const column of octets) await client.query(`alter table ${table} alter "${column}" set storage extended`);
    const again = definitions.ofTable(table);
    for (const definition of again) {
      await client.query(definition);
      progress.add((share * (1 - SHARE_OF_ROWS)) / (again.length + 1));
    }
    await client.query(`vacuum (freeze, analyze) ${table}`);
    progress.add((share * (1 - SHARE_OF_ROWS)) / (again.length + 1));
  } finally {
    await client.end();
  }
}

type InsertPlaces = (first: number, last: number) => Promise<void>;

async function inserter(
  client: Client,
  table: string,
  columns: readonly string[],
  sources: readonly Source[],
  places: Places,
): Promise<InsertPlaces> {
  const statements = sources.map(
    (rows) => `insert into ${table} ${selecting(rows.source, rows, columns, places, 'all')}`,
  );
  return async (first, last) => {
    for (const statement of statements) await client.query(statement, [first, last]);
  };
}

/** Copies get the next places in the chain, in the order in which things happened to each. */
async function auditInserter(
  client: Client,
  table: string,
  columns: readonly string[],
  sources: readonly Source[],
  places: Places,
): Promise<InsertPlaces> {
  const copies = sources.map((rows) => selecting(rows.source, rows, columns, places, 'copies')).join(' union all ');
  const content = ['id', 'at', 'actor', 'client_id', 'operation', 'object', 'before_hash', 'after_hash', 'trace_id']
    .map((name) => `coalesce(to_json(${name})::text, 'null')`)
    .join(` || ',' || `);
  const own: Readonly<Record<string, string>> = {
    position: 'next',
    chain_hash: `filling.chain_hash($4::text, next, ${content}) over (order by next rows unbounded preceding)`,
  };
  const statement = `
    with copied as (${copies}),
      placed as (select *, $3::bigint + row_number() over (order by number, "position") as next from copied),
      added as (insert into ${table} select ${columns.map((name) => own[name] ?? `"${name}"`).join()} from placed
        returning "position", chain_hash)
    select "position", chain_hash from added order by "position" desc limit 1`;
  const last = `select "position", chain_hash from ${table} order by "position" desc limit 1`;
  let [end] = (await client.query<{ position: string; chain_hash: string }>(last)).rows;
  return async (first, lastPlace) => {
    const given = [first, lastPlace, end?.position ?? 0, end?.chain_hash ?? ''];
    const { rows } = await client.query<{ position: string; chain_hash: string }>(statement, given);
    end = rows[0] ?? end;
  };
}

/** As the server would have counted (`overview/counts.ts`). */
async function count(client: Client): Promise<void> {
  await client.query(`
    insert into count_in_all (measure, count)
      select 'vehicles', count(*) from vehicle
      union all select 'contracts', count(*) from (select distinct emaid, edition from signed_contract_data) as each_one
      union all select 'audit position', max(position) from audit
      on conflict (measure) do update set count = excluded.count`);
  await client.query(`
    insert into count_by_hour (hour, measure, count)
      select at - at % 3600000, operation, count(*) from audit group by 1, 2
      on conflict (hour, measure) do update set count = excluded.count`);
}

/** In the table's order; those of one type only, if wanted. */
async function columnsOf(client: Client, table: string, type?: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and ($2::regtype is null or atttypid = $2::regtype)
     order by attnum`,
    [table, type],
  );
  return rows.map(({ name }) => name);
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}
