import { type Logger, pino } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names under which secrets might come by; whatever stands there is not written. */
const REDACTED = ['req.headers.authorization', '*.authorization', '*.clientSecret', '*.privateKey', '*.masterSecret'];

/** One JSON object a line on standard output. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: REDACTED });
}
