import { type DestinationStream, type Logger, pino } from 'pino';
import { currentSpan } from '../kernel/tracing.ts';
import { linesOfATurn } from './lines-of-a-turn.ts';
import type { LogLevel } from './log-levels.ts';
import { loggedError } from './logged-error.ts';
import { shortened, withoutPersonalData } from './personal-data.ts';

/** Names under which secrets might come by; whatever stands there is not written, however deep. */
const SECRET: ReadonlySet<string> = new Set(['authorization', 'clientSecret', 'privateKey', 'masterSecret']);

const serializers = {
  err: (error: unknown) => loggedError(error),
  pcid: (value: unknown) => shortened(String(value)),
  emaid: (value: unknown) => shortened(String(value)),
};

/** One JSON object a line on standard output, or to where it is told. */
export function createLogger(level: LogLevel, destination: DestinationStream = linesOfATurn(1)): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers, ...clean }, destination);
}

/**
 * Whatever is written, and whoever writes it: a line that names nobody does not depend on who remembers that. Secrets are
 * left out in the same walk; the library's own way to do so takes as long as all the rest of a line.
 */
const clean: Pick<pino.LoggerOptions, 'formatters' | 'hooks'> = {
  formatters: { log: (fields) => inTrace(withoutPersons(fields)) },
  hooks: {
    logMethod(given, method) {
      const [first, message, ...values] = given;
      // An error alone would be its own message.
      const parts = first instanceof Error ? [{ err: first }, message ?? first.message, ...values] : given;
      Reflect.apply(
        method,
        this,
        parts.map((part) => (typeof part === 'string' ? withoutPersonalData(part) : part)),
      );
    },
  },
};

/** By the names under which OpenTelemetry finds lines of a trace; `traceId` is the request's own. */
function inTrace(fields: Record<string, unknown>): Record<string, unknown> {
  const span = currentSpan();
  return span === undefined ? fields : { ...fields, trace_id: span.traceId, span_id: span.spanId };
}

const DEEPEST = 4;

function withoutPersons(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (SECRET.has(name)) return [name, '[Redacted]'];
      const hasSerializer = depth === 0 && Object.hasOwn(serializers, name);
      return [name, hasSerializer ? value : told(value, depth)];
    }),
  );
}

/** Dates and the like say themselves what is written of them. */
function told(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return withoutPersonalData(value);
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (value instanceof Error) return loggedError(value);
  if (depth > DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((each) => told(each, depth + 1));
  return withoutPersons(value, depth + 1);
}

/** More while somebody looks: from the configured level to `debug`, and back. */
export function switchLevel(logger: Logger, configured: LogLevel): void {
  logger.level = logger.level === configured ? 'debug' : configured;
  logger[logger.level === 'debug' ? 'debug' : 'warn']({ level: logger.level }, 'the log level was changed');
}

export interface NoteCounter {
  readonly logger: Logger;
  /** How often each warning was given, the most frequent first. */
  counts(): { note: string; count: number }[];
}

/** For work on so many objects that nobody reads a line about each. */
export function noteCounter(): NoteCounter {
  const counts = new Map<string, number>();
  const write = (line: string) => {
    const { msg }: { msg?: unknown } = JSON.parse(line);
    counts.set(String(msg), (counts.get(String(msg)) ?? 0) + 1);
  };
  return {
    logger: pino({ level: 'warn', base: null }, { write }),
    counts: () => Array.from(counts, ([note, count]) => ({ note, count })).sort((a, b) => b.count - a.count),
  };
}
