import { sql } from 'kysely';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

/**
 * `live`: the process answers. `ready`: it can do its work, which is to say that the database answers and the keys are
 * at hand. `keyProblems` gives none when they are.
 */
export function healthRoutes({ db }: Store, keyProblems: () => Promise<readonly string[]>): Route[] {
  return [
    route('GET', '/health/live', {
      operation: 'live',
      handle: async () => ({ status: 200, body: { status: 'live' } }),
    }),
    route('GET', '/health/ready', {
      operation: 'ready',
      handle: async () => {
        try {
          await sql`select 1`.execute(db);
        } catch {
          // The reason is in the log of whoever asks the database for real work; outside it is nobody's business.
          return notReady('the database does not answer');
        }
        // The same holds for what a token says of itself.
        if ((await keyProblems()).length > 0) return notReady('the token with the keys does not answer');
        return { status: 200, body: { status: 'ready' } };
      },
    }),
  ];
}

function notReady(reason: string) {
  return { status: 503, body: { status: 'not ready', reasons: [reason] } };
}
