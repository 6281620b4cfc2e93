import { extendChain, verifyChain } from '../access/audit-chain.ts';
import { type AuditEntry, type AuditFilter, readAudit } from '../access/audit-reading.ts';
import { isReadOnly } from '../store/database-state.ts';
import { openStore, type Store } from '../store/store.ts';
import { UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage, opening } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions, wholeNumber } from './options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool audit list [FILTER] [--limit N] [--json] [OPTIONS]
       plugpool audit export [FILTER] [OPTIONS]
       plugpool audit verify [--json] [OPTIONS]

Who changed or got what: a row for every change, and for every delivery of contract data. Works on the database itself,
while a server runs or not.

  list    the latest first
  export  all, one JSON object a line
  verify  recomputes the chain of hashes; 1 when a row was changed, put in or taken out. Keep the head that it prints
          elsewhere: it shows later whether the end was cut off

  --actor A            party:ID, operator:NAME, cli, sandbox or system
  --operation O        contract.deliver, root.add, party.change, …
  --object X           PCID, EMAID, fingerprint, party or client id
  --trace-id ID        the trace id of the request
  --since T --until T  instants such as 2026-01-31 or 2026-01-31T12:00:00Z
  --limit N            for list (100)
  --json               for list: one JSON array; for verify: one object
${databaseUsage}`;

const options = {
  ...databaseOptions,
  actor: { type: 'string' },
  operation: { type: 'string' },
  object: { type: 'string' },
  'trace-id': { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

const EXPORTED_AT_ONCE = 1_000_000;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = 'list', further] = positionals;
  const action = oneOf(word, 'the first word', ['list', 'export', 'verify'] as const);
  if (further !== undefined) throw new UsageError(`"${further}" is one word too many`);
  const filter = filterOf(values);
  const location = databaseLocation(values, io.env);
  const store = await opening(location, () => openStore(location));
  try {
    // On a standby the rows of the last moments have no place; its primary gives them one.
    if (!(await isReadOnly(store))) await extendChain(store);
    if (action === 'verify') return await verify(store, values.json === true, io);
    const entries = await readAudit(store.db, action === 'export' ? { ...filter, limit: EXPORTED_AT_ONCE } : filter);
    io.stdout.write(action === 'export' ? inLines(entries) : shown(entries, values.json === true));
    return 0;
  } finally {
    await store.close();
  }
}

function filterOf(values: Values): AuditFilter {
  return {
    actor: values.actor,
    operation: values.operation,
    object: values.object,
    traceId: values['trace-id'],
    since: instant(values.since, '--since'),
    until: instant(values.until, '--until'),
    limit: wholeNumber(values.limit ?? '100', 'limit', { min: 1, max: 100_000 }),
  };
}

function instant(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`${option} must be an instant such as 2026-01-31T12:00:00Z, not "${text}"`);
  return time;
}

async function verify({ db }: Store, asJson: boolean, io: Io): Promise<number> {
  const verdict = await verifyChain(db);
  const { rows, head, brokenAt } = verdict;
  if (asJson) io.stdout.write(`${JSON.stringify({ valid: brokenAt === undefined, ...verdict })}\n`);
  else if (brokenAt === undefined) io.stdout.write(`${rows} rows, the chain holds\nhead  ${head ?? 'none'}\n`);
  else io.stdout.write(`the chain is broken at row ${brokenAt}\n`);
  return brokenAt === undefined ? 0 : 1;
}

function inLines(entries: readonly AuditEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

function shown(entries: readonly AuditEntry[], asJson: boolean): string {
  if (asJson) return `${JSON.stringify(entries)}\n`;
  if (entries.length === 0) return 'nothing\n';
  const columns = ['AT', 'ACTOR', 'OPERATION', 'OBJECT', 'TRACE ID'].map((title) => ({ title }));
  const rows = entries.map(({ at, actor, operation, object, traceId }) => [
    at,
    actor,
    operation,
    object,
    traceId ?? '',
  ]);
  return formatTable(columns, rows);
}
