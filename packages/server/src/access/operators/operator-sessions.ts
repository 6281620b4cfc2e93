/** Who is signed in to the console. The browser holds a random id; here its hash is kept, and for how long it is good. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Store, Tx } from '../../store/store.ts';
import { audit } from '../audit-log.ts';
import { deleteSession, insertSession, type SessionRow, selectSession, touchSession } from './operator-queries.ts';
import { hashOfToken, newToken } from './token.ts';

export interface SessionTimes {
  /** Without a request for so long, a session is over. */
  readonly idleMs: number;
  /** It is over then, whatever was done in it. */
  readonly longestMs: number;
}

export const defaultSessionTimes: SessionTimes = { idleMs: 30 * 60_000, longestMs: 12 * 3_600_000 };

export interface OperatorSession {
  /** `operator:NAME` or `operator:ISSUER#SUBJECT`. */
  readonly operator: string;
  /** For people. */
  readonly name: string;
  /** What every changing request of the session has to show beside its cookie. */
  readonly csrfToken: string;
  readonly startedAt: number;
  /** Epoch milliseconds, if nothing more is asked. */
  readonly expiresAt: number;
}

/** The only time that the id of a session is seen. */
export interface StartedSession extends OperatorSession {
  readonly id: string;
  /** When it is over in any case: epoch milliseconds. */
  readonly longestUntil: number;
}

export interface OperatorSessions {
  /** In the transaction of what lets somebody in. */
  start(tx: Tx, who: Pick<OperatorSession, 'operator' | 'name'>): Promise<StartedSession>;
  /** Undefined when the session is over. `used`: whether that counts as use. */
  find(id: string, used: boolean): Promise<OperatorSession | undefined>;
  end(id: string): Promise<void>;
}

/** Not every request is a write. */
const TOUCHED_EVERY_MS = 60_000;

export function operatorSessions(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly times: SessionTimes;
}): OperatorSessions {
  const { store, clock, times } = parts;

  return {
    async start(tx, { operator, name }) {
      const [id, now] = [newToken(), clock.now()];
      const expires_at = now + times.longestMs;
      const row = { id_hash: hashOfToken(id), operator, name, started_at: now, used_at: now, expires_at };
      await insertSession(tx, row);
      await audit(tx, now, [{ operation: 'session.start', object: operator }]);
      return { id, longestUntil: expires_at, ...sessionOf(row, id, times) };
    },

    async find(id, used) {
      const row = await selectSession(store.db, hashOfToken(id));
      const now = clock.now();
      if (row === undefined || row.expires_at <= now || row.used_at + times.idleMs <= now) return undefined;
      if (used && now - row.used_at >= TOUCHED_EVERY_MS) await touchSession(store.db, row.id_hash, now);
      return sessionOf(used ? { ...row, used_at: now } : row, id, times);
    },

    async end(id) {
      await store.transaction(async (tx) => {
        const operator = await deleteSession(tx, hashOfToken(id));
        if (operator !== undefined) await audit(tx, clock.now(), [{ operation: 'session.end', object: operator }]);
      });
    },
  };
}

/** Constant time. */
export function showsToken({ csrfToken }: Pick<OperatorSession, 'csrfToken'>, shown: string | undefined): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return shown !== undefined && timingSafeEqual(hash(shown), hash(csrfToken));
}

function sessionOf(row: Omit<SessionRow, 'id_hash'>, id: string, { idleMs }: SessionTimes): OperatorSession {
  return {
    operator: row.operator,
    name: row.name,
    csrfToken: createHash('sha256').update(`csrf ${id}`).digest('base64url'),
    startedAt: row.started_at,
    expiresAt: Math.min(row.expires_at, row.used_at + idleMs),
  };
}
