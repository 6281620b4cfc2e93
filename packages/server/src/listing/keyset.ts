/**
 * Pages of long lists: each goes on behind the last row of the one before, so that the thousandth page costs what the
 * first one does. A list may be put together from groups (such as the editions) that each have an index of their own.
 */
import type { RawBuilder, SelectQueryBuilder, SqlBool } from 'kysely';
import { sql } from '../store/query-builder.ts';
import type { Db } from '../store/store.ts';

/** A row's place: rows are in the order of `sort`, then `group`, then `id`. */
export interface Position {
  readonly sort: number | string;
  readonly group: string;
  readonly id: string;
}

export type Direction = 'asc' | 'desc';

export interface Page<T> {
  readonly items: readonly T[];
  /** Where to go on; absent at the end of the list. */
  readonly next?: Position;
}

interface Reading<R, T extends R> {
  /** Rows behind the position, in order, up to so many. */
  readonly read: (after: Position | undefined, most: number) => Promise<readonly R[]>;
  readonly positionOf: (row: R) => Position;
  /** Of some rows those that belong on the page, in the same order. */
  readonly fitting: (rows: readonly R[]) => Promise<readonly T[]>;
  /** How many rows are read at once: few where all of them fit. */
  readonly atOnce?: number;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** How many rows are looked through for one page, however few of them fit. */
const MOST_LOOKED_THROUGH = 5_000;
const LOOKED_THROUGH_AT_ONCE = 500;

/** A page may have fewer rows than wanted, or none, and yet a `next`: enough was looked through for one call. */
export async function readPage<R, T extends R>(reading: Reading<R, T>): Promise<Page<T>> {
  const { read, positionOf, fitting, limit, atOnce = LOOKED_THROUGH_AT_ONCE } = reading;
  const items: T[] = [];
  let { after } = reading;
  for (let looked = 0; looked < MOST_LOOKED_THROUGH; looked += atOnce) {
    const rows = await read(after, atOnce);
    items.push(...(await fitting(rows)));
    const last = items[limit - 1];
    if (items.length > limit && last !== undefined) return { items: items.slice(0, limit), next: positionOf(last) };
    const end = rows.at(-1);
    if (end === undefined || rows.length < atOnce) return { items };
    after = positionOf(end);
  }
  return { items, ...(after !== undefined && { next: after }) };
}

/** A page of rows that all belong to it. */
export async function readPlainPage<T>(reading: Omit<Reading<T, T>, 'fitting' | 'atOnce'>): Promise<Page<T>> {
  return await readPage({ ...reading, fitting: async (rows) => rows, atOnce: reading.limit + 1 });
}

/** The rows of several groups in the order of the whole list. */
export function mergeGroups<T>(
  groups: readonly (readonly T[])[],
  positionOf: (row: T) => Position,
  direction: Direction,
  most: number,
): T[] {
  const sign = direction === 'asc' ? 1 : -1;
  // A stable sort leaves the order within a group to the database, whose order of texts may be another.
  return groups
    .flat()
    .map((row) => ({ row, at: positionOf(row) }))
    .sort(({ at: a }, { at: b }) => sign * (compare(a.sort, b.sort) || compare(a.group, b.group)))
    .slice(0, most)
    .map(({ row }) => row);
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Keys {
  readonly sort: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  readonly group: string;
  readonly direction: Direction;
}

/** The condition that a row of a group is behind the position. The first half is there for the index. */
export function behind(after: Position | undefined, { sort, id, group, direction }: Keys): RawBuilder<SqlBool> {
  if (after === undefined) return sql<SqlBool>`1 = 1`;
  const beyond = direction === 'asc' ? sql`>` : sql`<`;
  if (group !== after.group) {
    const isLater = direction === 'asc' ? group > after.group : group < after.group;
    return isLater ? sql<SqlBool>`${sort} ${beyond}= ${after.sort}` : sql<SqlBool>`${sort} ${beyond} ${after.sort}`;
  }
  return sql<SqlBool>`${sort} ${beyond}= ${after.sort}
    and (${sort} ${beyond} ${after.sort} or ${id} ${beyond} ${after.id})`;
}

/** A number of rows; `atLeast` when nobody counted further. */
export interface CappedCount {
  readonly rows: number;
  readonly atLeast: boolean;
}

/** How far rows are counted. */
export const MOST_COUNTED = 10_000;

export function cappedCount(counts: readonly number[]): CappedCount {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  return { rows: Math.min(rows, MOST_COUNTED), atLeast: rows > MOST_COUNTED };
}

/**
 * How many rows a query has, counted up to `most`. Its order keeps PostgreSQL at the index: it takes a limit for a
 * reason to read the table from its beginning.
 */
export async function countUpTo<D, F extends keyof D>(
  db: Db,
  query: SelectQueryBuilder<D, F, object>,
  most: number,
): Promise<number> {
  const counted = query.select(sql.lit(1).as('one')).limit(most);
  const { rows } = await sql<{ rows: number }>`select count(*) as rows from (${counted}) as counted`.execute(db);
  return Number(rows[0]?.rows ?? 0);
}

/**
 * The condition that a certificate has this serial number, by the index on its DER (see the migration `011-listing`).
 * @param certificate the column
 * @param serialHex hexadecimal octets
 */
export function withSerial(certificate: string, serialHex: string): RawBuilder<SqlBool> {
  const { from, before } = serialRange(serialHex);
  const serial = sql`substr(${sql.ref(certificate)}, 15, 21)`;
  return sql<SqlBool>`${serial} >= ${from} and ${serial} < ${before}`;
}

/** As the index has it: length, then content octets. What has the number is from the first text on and before the second. */
function serialRange(serialHex: string): { readonly from: Uint8Array; readonly before: Uint8Array } {
  const digits = serialHex.replace(/^(?:00)+(?=.)/, '');
  const octets = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const content = (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), octets]) : octets;
  const from = Buffer.concat([Buffer.of(content.length), content]);
  const before = Buffer.from(from);
  for (let at = before.length - 1; at >= 0; at--) {
    const octet = before[at] ?? 0;
    before[at] = (octet + 1) & 0xff;
    if (octet < 0xff) break;
  }
  return { from, before };
}

/** The condition that a text begins with letters and digits, compared octet by octet. */
export function beginsWith(column: RawBuilder<string>, beginning: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`${column} >= ${beginning} and ${column} < ${`${beginning}~`}`;
}

interface Within {
  /** Epoch milliseconds: from the first on, and before the second. */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

/** The condition that a time lies within bounds. */
export function isWithin(column: string, { from, before }: Within): RawBuilder<SqlBool> {
  const time = sql.ref(column);
  const bounds = [
    ...(from === undefined ? [] : [sql`${time} >= ${from}`]),
    ...(before === undefined ? [] : [sql`${time} < ${before}`]),
  ];
  return bounds.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(bounds, sql` and `)}`;
}
