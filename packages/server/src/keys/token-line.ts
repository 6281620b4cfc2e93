/**
 * The line in front of a token: few calls at the same time, a bound for those who wait and for how long, and another
 * process when the one at hand has lost its sessions, hangs or has ended.
 */
import { TokenError } from '../kernel/token-error.ts';
import type { TokenSettings } from './key-locations.ts';
import { CallFailed, type TokenChild, tokenChild } from './token-child.ts';
import { type TokenCall, WRONG_PIN } from './token-messages.ts';

export interface TokenLine {
  /**
   * @param what as in "cannot sign"
   * @throws TokenError when it fails, when there is no answer in time, and when too many wait already
   */
  call(what: string, call: TokenCall): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** At the same time, each in a session of its own. */
const SESSIONS = 4;
const MOST_WAITING = 256;
/** For each caller, his turn included; and for each call. */
const PATIENCE_MS = 10_000;
/** A token that could not be opened is not tried again for every request. */
const REST_MS = 1_000;

export function tokenLine(settings: TokenSettings): TokenLine {
  const { patienceMs = PATIENCE_MS } = settings;
  const name = `the token "${settings.token}"`;
  const waiting: (() => void)[] = [];
  const children = new Set<TokenChild>();
  let underWay = 0;
  let current: { readonly child: TokenChild; readonly opened: Promise<unknown> } | undefined;
  let refusal: { readonly error: TokenError; readonly until: number } | undefined;

  /** Who gives up his place in the line is not called. */
  async function turn(over: AbortSignal): Promise<void> {
    if (underWay < SESSIONS) {
      underWay++;
      return;
    }
    if (waiting.length >= MOST_WAITING) throw new TokenError(`${name} does not keep up: ${MOST_WAITING} wait for it`);
    await new Promise<void>((resolve, reject) => {
      const called = () => {
        over.removeEventListener('abort', gaveUp);
        resolve();
      };
      const gaveUp = () => {
        waiting.splice(waiting.indexOf(called), 1);
        reject(new TokenError(`${name} is too slow: no turn within ${patienceMs / 1000} seconds`));
      };
      over.addEventListener('abort', gaveUp, { once: true });
      waiting.push(called);
    });
  }

  function next(): void {
    const called = waiting.shift();
    if (called === undefined) underWay--;
    else called();
  }

  async function opened(): Promise<TokenChild> {
    if (current === undefined) {
      if (refusal !== undefined && performance.now() < refusal.until) throw refusal.error;
      const child = tokenChild(patienceMs);
      children.add(child);
      void child.ended.then(() => children.delete(child));
      current = { child, opened: child.ask({ name: 'open', settings, sessions: SESSIONS }) };
    }
    const { child, opened } = current;
    try {
      await opened;
      return child;
    } catch (cause) {
      retire(child);
      const error = openingFailed(cause);
      const isFinal = cause instanceof CallFailed && cause.failure.reason === WRONG_PIN;
      refusal = { error, until: isFinal ? Number.POSITIVE_INFINITY : performance.now() + REST_MS };
      throw error;
    }
  }

  function openingFailed(cause: unknown): TokenError {
    if (!(cause instanceof CallFailed)) throw cause;
    const { reason, understood } = cause.failure;
    if (reason === WRONG_PIN) return new TokenError(`the PIN of ${name} is wrong`);
    return new TokenError(understood ? reason : `${name} cannot be opened: ${reason}`);
  }

  function retire(child: TokenChild): void {
    child.retire();
    if (current?.child === child) current = undefined;
  }

  /** Once more with new sessions when the old ones are lost. */
  async function exchange(what: string, call: TokenCall, isAgain = false): Promise<Uint8Array> {
    const child = await opened();
    try {
      return await child.ask(call);
    } catch (cause) {
      if (!(cause instanceof CallFailed)) throw cause;
      const { reason, understood, sessionLost } = cause.failure;
      if (understood) throw new TokenError(`${name} ${reason}`);
      retire(child);
      if (sessionLost && !isAgain) return await exchange(what, call, true);
      throw new TokenError(`${name} cannot ${what}: ${reason}`);
    }
  }

  return {
    async call(what, call) {
      const over = new AbortController();
      const late = Promise.withResolvers<never>();
      // Whoever waits for his turn hears it from there.
      late.promise.catch(() => undefined);
      const timer = setTimeout(() => {
        over.abort();
        late.reject(new TokenError(`${name} cannot ${what}: it did not answer within ${patienceMs / 1000} seconds`));
      }, patienceMs);
      try {
        await turn(over.signal);
        // Goes on when nobody waits for it any more: its session is in use as long as the token is.
        return await Promise.race([exchange(what, call).finally(next), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      await Promise.all([...children].map((child) => child.end()));
    },
  };
}
