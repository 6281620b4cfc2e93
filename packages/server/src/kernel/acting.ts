/** On whose behalf the work at hand is done; it goes along with the work, so that rooms need not hand it on. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Acting {
  /**
   * `party:ID`, `operator:NAME` for a person at the console, `sandbox` where nobody is asked who he is, `anybody` who has
   * not said it yet, `cli`, or `system` for what the server does by itself.
   */
  readonly actor: string;
  readonly clientId?: string | undefined;
  readonly traceId?: string | undefined;
}

const acting = new AsyncLocalStorage<Acting>();

export function actingAs<T>(who: Acting, work: () => T): T {
  return acting.run(who, work);
}

export function whoActs(): Acting {
  return acting.getStore() ?? { actor: 'system' };
}
