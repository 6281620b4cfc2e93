/** Calls that are made again: exponential backoff with full jitter, and what the server wishes. */
import { CallError } from './call-error.ts';

export interface Retries {
  /** So many more times after the first; 3 when not given, 0 for never. */
  readonly times?: number;
  /** The longest pause before the first of them; it doubles with each. 200 ms when not given. */
  readonly firstPauseMilliseconds?: number;
  /** No pause is longer; a server that wishes a longer one (`Retry-After`) is not asked again. 30 s when not given. */
  readonly longestPauseMilliseconds?: number;
  /** At least 0, below 1. */
  readonly random?: () => number;
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** Another attempt may find the server in a better state. */
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** @throws CallError of the last attempt */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  { times = 3, firstPauseMilliseconds = 200, longestPauseMilliseconds = 30_000, ...retries }: Retries,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { random = Math.random, pause = pauseFor } = retries;
  for (let made = 0; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CallError) || made >= times || !isPassing(error)) throw error;
      const wished = error.retryAfterMilliseconds ?? 0;
      if (wished > longestPauseMilliseconds) throw error;
      const longest = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** made);
      await pause(Math.max(wished, Math.floor(random() * longest)), signal);
      if (signal?.aborted === true)
        throw new CallError('aborted', error.call, 'the call was aborted', { cause: error });
    }
  }
}

function isPassing({ kind, status }: CallError): boolean {
  if (kind === 'refused') return status !== undefined && passing.has(status);
  return kind === 'unreachable' || kind === 'timeout';
}

/** Ends early when the signal does. */
function pauseFor(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((over) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      over();
    };
    const timer = setTimeout(end, milliseconds);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}
