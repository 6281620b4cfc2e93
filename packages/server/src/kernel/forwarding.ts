/** How far a call has come between ecosystems; it goes along with the work, so that rooms need not hand it on. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface Forwarding {
  /** It came from another ecosystem (`broadcast: true`), so it goes no further. */
  readonly forwarded: boolean;
  /** Who asks whom, as the OPNC's headers say it: passed on as they came. */
  readonly partyHeaders: Readonly<Record<string, string>>;
}

const forwardings = new AsyncLocalStorage<Forwarding>();

export function forwardedAs<T>(how: Forwarding, work: () => T): T {
  return forwardings.run(how, work);
}

export function forwarding(): Forwarding {
  return forwardings.getStore() ?? { forwarded: false, partyHeaders: {} };
}
