/** Turns whatever was thrown into the error body that all dialects share. */
import { DatabaseFull, DatabaseUnavailable } from '../kernel/database-unavailable.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { TokenError } from '../kernel/token-error.ts';
import { ValidationError } from './validation.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly errorMessages: readonly string[];
}

const TOO_LARGE = 413;
const UNSUPPORTED_MEDIA_TYPE = 415;

/** `unexpected` is true for what is our fault and belongs into the log whole; its text never leaves the process. */
export function errorAnswerOf(error: unknown, bodyLimit: number): ErrorAnswer & { readonly unexpected: boolean } {
  if (error instanceof DomainError) {
    return { status: error.status, errorMessages: error.errorMessages, unexpected: false };
  }
  if (error instanceof ValidationError) return { status: 400, errorMessages: error.errorMessages, unexpected: false };
  if (error instanceof DatabaseUnavailable) {
    return { status: 503, errorMessages: ['Service Unavailable'], unexpected: true };
  }
  if (error instanceof DatabaseFull) {
    return { status: 503, errorMessages: ['The database takes no writes now: its disk is full'], unexpected: true };
  }
  if (error instanceof TokenError) {
    return { status: 503, errorMessages: ['The token with the keys does not answer'], unexpected: true };
  }
  const status = statusOf(error);
  if (status < 400 || status >= 500) {
    return { status: 500, errorMessages: ['Internal Server Error'], unexpected: true };
  }
  return { status, errorMessages: [transportText(status, bodyLimit, error)], unexpected: false };
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 500;
}

function transportText(status: number, bodyLimit: number, error: unknown): string {
  if (status === TOO_LARGE) return `body : is larger than ${bodyLimit} bytes`;
  if (status === UNSUPPORTED_MEDIA_TYPE) return 'Content-Type : is not supported by this operation';
  return error instanceof Error ? error.message : 'Bad Request';
}
