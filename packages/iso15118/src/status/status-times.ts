import { StatusError } from './status-error.ts';

/** Clocks of responders and ours may differ by this much. */
export const clockToleranceMs = 5 * 60_000;
/** How long an answer holds that does not say when the next one comes. */
export const undatedValidityMs = 24 * 3_600_000;

/** @throws StatusError `not-yet-valid`, `stale` */
export function checkUpdateTimes(
  times: { readonly thisUpdate: number; readonly nextUpdate?: number },
  at: number,
  what: string,
): void {
  const { thisUpdate, nextUpdate = thisUpdate + undatedValidityMs } = times;
  if (thisUpdate > at + clockToleranceMs) {
    throw new StatusError('not-yet-valid', `${what} is from ${new Date(thisUpdate).toISOString()}, which is to come`);
  }
  if (nextUpdate < at - clockToleranceMs || nextUpdate < thisUpdate) {
    throw new StatusError('stale', `${what} was good until ${new Date(nextUpdate).toISOString()}`);
  }
}
