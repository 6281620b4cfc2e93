import { setTimeout as wait } from 'node:timers/promises';
import { sql } from '../store/query-builder.ts';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

/** Whoever asks waits no longer; a database that takes more than this for nothing is away. */
const DATABASE_PATIENCE_MS = 2_000;
const KEYS_PATIENCE_MS = 5_000;

export interface ReadinessNeeds {
  readonly store: Store;
  /** None when the keys are at hand. */
  readonly keyProblems: () => Promise<readonly string[]>;
  /** Whether the process is about to end, and should get no new work. */
  readonly isEnding?: () => boolean;
}

/**
 * `live`: the process answers. `ready`: it can do its work, which is to say that the database answers, the keys are at
 * hand, and it is not about to end. It warns of what no other replica could do better.
 */
export function healthRoutes({ store, keyProblems, isEnding = () => false }: ReadinessNeeds): Route[] {
  return [
    route('GET', '/health/live', {
      operation: 'live',
      handle: async () => ({ status: 200, body: { status: 'live' } }),
    }),
    route('GET', '/health/ready', {
      operation: 'ready',
      handle: async () => {
        if (isEnding()) return notReady('the process is about to end');
        // The reason is in the log of whoever asks the database for real work; outside it is nobody's business.
        const asked = sql`select 1`.execute(store.db).then(() => true);
        if (!(await isTrueWithin(DATABASE_PATIENCE_MS, asked))) return notReady('the database does not answer');
        // The same holds for what a token says of itself.
        const atHand = keyProblems().then((problems) => problems.length === 0);
        if (!(await isTrueWithin(KEYS_PATIENCE_MS, atHand))) {
          return notReady('the token with the keys does not answer');
        }
        // What reads goes on, and every other replica has the same database.
        const warnings = store.isDiskFull() ? ['the disk of the database is full: what writes is refused'] : [];
        return { status: 200, body: { status: 'ready', ...(warnings.length > 0 && { warnings }) } };
      },
    }),
  ];
}

/** What fails is not true, and what takes longer neither. */
async function isTrueWithin(milliseconds: number, asked: Promise<boolean>): Promise<boolean> {
  const over = new AbortController();
  const late = wait(milliseconds, false, { signal: over.signal, ref: false });
  late.catch(() => undefined);
  try {
    return await Promise.race([asked.catch(() => false), late]);
  } finally {
    over.abort();
  }
}

function notReady(reason: string) {
  return { status: 503, body: { status: 'not ready', reasons: [reason] } };
}
