/**
 * An error as the log has it. Errors of databases carry the values that they complain of (`detail`, `where`), so what is
 * written is a list of what is harmless, not all but a few.
 */
import { withoutPersonalData } from './personal-data.ts';

export interface LoggedError extends Readonly<Partial<Record<(typeof HARMLESS)[number], string | number>>> {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

/** Codes, and the names that a schema has. */
const HARMLESS = ['code', 'errcode', 'errno', 'syscall', 'constraint', 'table', 'column', 'routine'] as const;
const DEEPEST = 3;

export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: withoutPersonalData(String(error)) };
  const fields = new Map<string, unknown>(Object.entries(error));
  const harmless = HARMLESS.flatMap((name) => {
    const value = fields.get(name);
    return typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [];
  });
  const places = placesOf(error);
  return {
    type: error.name,
    message: withoutPersonalData(error.message),
    ...Object.fromEntries(harmless),
    ...(places !== '' && { stack: places }),
    ...(error.cause !== undefined && depth < DEEPEST && { cause: loggedError(error.cause, depth + 1) }),
  };
}

/** Of the stack, the places alone: it begins with the message. */
function placesOf({ stack = '', message }: Error): string {
  const begins = stack.indexOf(message);
  const after = begins === -1 ? stack : stack.slice(begins + message.length);
  return after
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n');
}
