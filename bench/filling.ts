/**
 * Fills the pools of a PostgreSQL database by statements of its own: rows of the true size under names of their own, each
 * a copy of what the server stored for a vehicle of the fleet. Looked up they are what any other vehicle is; to install
 * from one, a car would need the key of the one it was copied from.
 */
import { Client } from 'pg';

/** Like a vehicle of the fleet, with names that the number gives. */
export interface Filler {
  readonly pcid: string;
  readonly emaid: string;
}

const ROWS_AT_ONCE = 20_000;
/** Has no factor in common with 10⁸, so that numbers come in no order: rows are put in all over the indexes. */
const STRIDE = 73_687_871n;
const NUMBERS = 100_000_000n;

export function fillerNumber(number: number): Filler {
  const digits = String((BigInt(number) * STRIDE) % NUMBERS).padStart(8, '0');
  return { pcid: `WPPFILLED${digits}`, emaid: `DEPPLF${digits}` };
}

/** Vehicles with one contract each, from one number up to another. What is copied is the fleet's vehicle with that PCID. */
export async function fill(url: string, like: string, from: number, to: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Nothing is acknowledged to anybody: what a crash takes away is filled in again.
    await client.query('set synchronous_commit = off');
    const statements: string[] = [];
    for (const copy of COPIES) statements.push(await copying(client, copy));
    for (let first = from; first < to; first += ROWS_AT_ONCE) {
      const last = Math.min(to, first + ROWS_AT_ONCE) - 1;
      await client.query('begin');
      for (const statement of statements) await client.query(statement, [like, first, last]);
      await client.query('commit');
      process.stderr.write(`\r  ${last + 1} of ${to} contracts`);
    }
    process.stderr.write('\n');
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

/** In megabytes (10⁶ octets), with indexes. */
export async function databaseMegabytes(url: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ size: string }>('select pg_database_size(current_database()) as size');
    return Number(rows[0]?.size) / 1e6;
  } finally {
    await client.end();
  }
}

const numbers = `
  select 'WPPFILLED' || digits as pcid, 'DEPPLF' || digits as emaid,
    md5('vehicle' || digits) || md5(digits) as vehicle_print, md5('contract' || digits) || md5(digits) as contract_print
  from generate_series($2::bigint, $3::bigint) as number,
    lateral (select lpad(((number * ${STRIDE}) % ${NUMBERS})::text, 8, '0') as digits) as written`;

interface Copy {
  readonly table: string;
  /** The row that is copied. */
  readonly where: string;
  /** What is not as in that row, by column. */
  readonly values: Readonly<Record<string, string>>;
}

async function copying(client: Client, { table, where, values }: Copy): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped',
    [table],
  );
  const names = rows.map(({ name }) => name);
  const list = names.map((name) => values[name] ?? `source.${name}`);
  return `insert into ${table} (${names.join()}) select ${list.join()}
    from ${table} as source, (${numbers}) as filler where ${where} and $1::text is not null`;
}

const ofPcid = 'source.pcid = $1';
const emaidOfPcid = '(select emaid from contract where pcid = $1)';
const { pcid, emaid } = { pcid: 'filler.pcid', emaid: 'filler.emaid' };

const COPIES: readonly Copy[] = [
  { table: 'vehicle', where: ofPcid, values: { pcid, shown_pcid: pcid, fingerprint: 'vehicle_print' } },
  { table: 'contract', where: ofPcid, values: { emaid, pcid, shown_pcid: pcid } },
  { table: 'default_contract', where: ofPcid, values: { pcid, emaid } },
  {
    table: 'signed_contract_data',
    where: `source.emaid = ${emaidOfPcid}`,
    values: { id: 'gen_random_uuid()', emaid, shown_emaid: emaid, contract_fingerprint: 'contract_print' },
  },
  {
    table: 'issued_certificate',
    where: 'source.fingerprint = (select fingerprint from vehicle where pcid = $1)',
    values: { fingerprint: 'vehicle_print', serial_hex: 'left(vehicle_print, 32)', common_name: pcid },
  },
  {
    table: 'issued_certificate',
    where: `source.fingerprint = (select contract_fingerprint from signed_contract_data where emaid = ${emaidOfPcid})`,
    values: { fingerprint: 'contract_print', serial_hex: 'left(contract_print, 32)', common_name: emaid },
  },
];
