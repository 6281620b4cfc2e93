/** What every dialect owes to whoever sends rubbish: a 4xx with the error body, and nothing stored. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { sql } from '../src/store/query-builder.ts';
import type { Store } from '../src/store/store.ts';
import { at, type Call, list } from './dialects.ts';

export interface Refusal {
  readonly status: number;
  readonly errorMessages: readonly string[];
}

/** A call as it goes over the wire; a body of octets or text is sent as it is. */
export type RawCall = Omit<Call, 'body'> & { readonly body?: unknown };

/** No answer may take longer, whatever was asked. */
const PATIENCE_MS = 10_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export async function send(url: string, { method, path, body, headers = {} }: RawCall): Promise<Response> {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return await fetch(url + path, {
    method,
    headers: { ...type, ...headers },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(body === undefined ? {} : { body: written(body), duplex: 'half' }),
  });
}

/** Sends what has to be refused, and checks the form of the answer: status, error body, trace id. */
export async function refusal(url: string, call: RawCall): Promise<Refusal> {
  const response = await send(url, call);
  const text = await response.text();
  const title = `${call.method} ${call.path}: ${response.status} ${text.slice(0, 300)}`;
  expect(response.status, title).toBeGreaterThanOrEqual(400);
  expect(response.status, title).toBeLessThan(500);
  return { status: response.status, errorMessages: messagesIn(text, response.headers.get('x-trace-id'), title) };
}

/** The status, which has to be 2xx, or 4xx with the error body or, for a car, with EXI. */
export async function answeredWell(url: string, sent: RawCall): Promise<number> {
  const response = await send(url, sent);
  const text = await response.text();
  const { status } = response;
  if (status >= 200 && status < 300) return status;
  if (status < 400 || status >= 500) throw new Error(`${status} ${text}`);
  if (!text.includes('"certificateInstallationRes"')) messagesIn(text, response.headers.get('x-trace-id'));
  return status;
}

/** The texts of an error body whose form is as it has to be. */
export function messagesIn(text: string, traceHeader: string | null, title = text): string[] {
  const body: unknown = JSON.parse(text);
  expect(Object.keys(Object(body)).sort(), title).toEqual(['errorMessages', 'traceId']);
  expect(at(body, 'traceId'), title).toMatch(UUID);
  expect(traceHeader, title).toBe(at(body, 'traceId'));
  const messages = list(at(body, 'errorMessages')).map(String);
  expect(messages.length, title).toBeGreaterThan(0);
  for (const message of messages) expect(message, title).toMatch(/\S/);
  return messages;
}

export interface Spoilt {
  readonly title: string;
  readonly call: RawCall;
  readonly status?: number;
  /** The first of the messages. */
  readonly text?: string;
  /** Begins one of the messages, or stands in it. */
  readonly names?: string | RegExp;
}

const AT_ONCE = 8;

/** Sends all of them and tells of those that were not refused as they should be; none when all is well. */
async function notRefused(url: string, calls: readonly Spoilt[]): Promise<string[]> {
  const waiting = [...calls];
  const wrong: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const why = await problemOf(url, next);
        if (why !== undefined) wrong.push(`${next.title}: ${why}`);
      }
    }),
  );
  return wrong;
}

async function problemOf(url: string, { call, status = 400, text, names }: Spoilt): Promise<string | undefined> {
  let answer: Refusal;
  try {
    answer = await refusal(url, call);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const told = JSON.stringify(answer);
  if (answer.status !== status) return `expected ${status}, not ${told}`;
  if (text !== undefined && answer.errorMessages[0] !== text) return `expected ${JSON.stringify(text)}, not ${told}`;
  if (names !== undefined && !answer.errorMessages.some((message) => isNamed(message, names))) {
    return `expected ${String(names)} to be named, not ${told}`;
  }
  return undefined;
}

function isNamed(message: string, name: string | RegExp): boolean {
  return typeof name === 'string' ? message.startsWith(name) : name.test(message);
}

/** The number of rows of each table, and a digest over all that is in them. */
export async function stored({ db }: Store): Promise<Record<string, string>> {
  const entries: [string, string][] = [];
  for (const { name } of await db.introspection.getTables()) {
    // Counts of what the audit log holds follow it a little later.
    if (name.startsWith('count_')) continue;
    const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(db);
    const digest = createHash('sha256')
      .update(
        rows
          .map((row) => rowText(row, name))
          .sort()
          .join('\n'),
      )
      .digest('hex');
    entries.push([name, `${rows.length} rows ${digest}`]);
  }
  return Object.fromEntries(entries);
}

/** Sends all of them and insists that each is refused as it says, and that no row of any table is another one now. */
export async function expectRefused({ url, store }: { url: string; store: Store }, calls: readonly Spoilt[]) {
  const before = await stored(store);
  expect(Object.keys(before)).toEqual(expect.arrayContaining(['root_certificate', 'vehicle', 'contract']));
  expect(await notRefused(url, calls)).toEqual([]);
  expect(await stored(store)).toEqual(before);
}

/** What becomes another value by itself: rows of the audit log get their places a little later, deliveries are attempted. */
const changing: Readonly<Record<string, RegExp>> = {
  audit: /^(?:position|chain_hash)$/,
  webhook_delivery: /^(?:state|attempts|due_at|last_.*)$/,
};

function rowText(row: object, table: string): string {
  return JSON.stringify(
    Object.entries(row)
      .filter(([name]) => changing[table]?.test(name) !== true)
      .map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value]),
  );
}

function written(body: unknown): string | Uint8Array<ArrayBuffer> | ReadableStream {
  if (body instanceof ReadableStream) return body;
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}
