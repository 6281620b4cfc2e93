/** What becomes visible in traces without the rooms' doing: statements, certificates, and where traces are sent. */
import type { Logger } from 'pino';
import { OPNC_PREFIX } from '../dialects/opnc/routes.ts';
import { QUICK_START_PREFIX } from '../dialects/quickstart/routes.ts';
import { currentSpan, type Tracing, traced } from '../kernel/tracing.ts';
import { version } from '../kernel/version.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { Settings } from '../settings.ts';
import type { EndedStatement } from '../store/statement-log.ts';
import type { StoreLocation } from '../store/store.ts';

/** Undefined where it is not configured; what it needs is loaded where it is. */
export async function tracingOf({ tracing }: Settings, logger: Logger): Promise<Tracing | undefined> {
  if (tracing === undefined) return undefined;
  const { startTracing } = await import('../observe/opentelemetry.ts');
  return await startTracing(tracing, {
    version: await version(),
    lost: (spans, err) => logger.warn({ spans, err }, 'spans could not be sent'),
  });
}

/** Of what no request, and no work that is a trace, waits for, nothing is recorded. */
export function statementSpans(location: StoreLocation): (statement: EndedStatement) => void {
  const system = 'databaseUrl' in location ? 'postgresql' : 'sqlite';
  const texts = new Map<string, KnownText>();
  const described = (sql: string) => {
    const known = texts.get(sql) ?? {
      table: tableIn(sql),
      shown: sql.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_TEXT),
    };
    if (texts.size < MOST_TEXTS) texts.set(sql, known);
    return known;
  };
  return ({ kind, sql, seconds, failed }) => {
    const span = currentSpan();
    if (span?.isRecorded !== true) return;
    const { table, shown } = described(sql);
    const attributes = {
      'db.system.name': system,
      'db.operation.name': kind,
      ...(table !== undefined && { 'db.collection.name': table }),
      'db.query.text': shown,
    };
    const name = table === undefined ? kind : `${kind} ${table}`;
    span
      .child(name, { kind: 'client', attributes, millisecondsAgo: seconds * 1000 })
      .end(failed ? 'database-error' : undefined);
  };
}

interface KnownText {
  readonly table: string | undefined;
  readonly shown: string;
}

const MOST_TEXTS = 1_000;
const LONGEST_TEXT = 2_000;

/** The first that is named and is in the database, one that is not in parentheses before others; a few have several. */
function tableIn(sql: string): string | undefined {
  const named = [withoutParentheses(sql), sql].flatMap((text) =>
    Array.from(text.matchAll(/\b(?:from|into|update)\s+"?(\w+)/gi), ([, name = '']) => name),
  );
  const made = Array.from(
    sql.matchAll(/(?:\bwith|,)\s*"?(\w+)"?\s*(?:\([^()]*\)\s*)?as\s*\(/gi),
    ([, name = '']) => name,
  );
  return named.find((name) => !made.includes(name));
}

function withoutParentheses(sql: string): string {
  const less = sql.replaceAll(/\([^()]*\)/g, '');
  return less === sql ? sql : withoutParentheses(less);
}

export function tracedPki(pki: PublicKeyInfrastructure): PublicKeyInfrastructure {
  const issuing = (kind: string, edition: string) => ({
    attributes: { 'plugpool.certificate': kind, 'plugpool.edition': edition },
  });
  return {
    ...pki,
    issueContract: (order) =>
      traced('pki issue certificate', issuing('contract', order.edition), () => pki.issueContract(order)),
    enrol: (enrolment) =>
      traced('pki issue certificate', issuing(enrolment.domain, enrolment.edition), () => pki.enrol(enrolment)),
  };
}

/** Undefined for what all dialects share. */
export function dialectOf(route: string): string | undefined {
  return dialects.find(([prefix]) => route.startsWith(`${prefix}/`))?.[1];
}

const dialects = [
  [OPNC_PREFIX, 'opnc'],
  [QUICK_START_PREFIX, 'quickstart'],
  ['/v1', 'opcp'],
  ['/cps', 'opcp'],
] as const;
