import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names under which secrets might come by; whatever stands there is not written. */
const REDACTED = ['req.headers.authorization', '*.authorization', '*.clientSecret', '*.privateKey', '*.masterSecret'];

/** One JSON object a line on standard output. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: REDACTED });
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
