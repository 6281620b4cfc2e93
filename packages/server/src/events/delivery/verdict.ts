/** What an answer, or none, means for a delivery and for what is told of it. Pure functions. */
import type { ContractEventType, EventType } from '../event.ts';
import type { DeliveryState } from './delivery.ts';

/** An answer with its status, or none and why. */
export type Outcome = { readonly status: number; readonly answer: string } | { readonly answer: string };

export interface RetryRules {
  /** Between two attempts, at least. */
  readonly retryMs: number;
  /** From 0 to 1; spreads what failed together. */
  readonly random: () => number;
}

/** After the first attempt. */
export const MOST_RETRIES = 3;
const JITTER = 0.1;

/** `attempts` counts the one that had this outcome. */
export function verdictOn(outcome: Outcome, attempts: number): DeliveryState {
  const status = 'status' in outcome ? outcome.status : undefined;
  if (status !== undefined && status >= 200 && status < 300) return 'delivered';
  if (status === 400 || status === 409) return 'rejected';
  // Everything else may be over in an hour: a server that is down, a proxy, a certificate, a wrong path.
  return attempts <= MOST_RETRIES ? 'pending' : 'failed';
}

/** Milliseconds until the next attempt: never less than the configured time, and up to a tenth more. */
export function retryDelay({ retryMs, random }: RetryRules): number {
  return Math.round(retryMs * (1 + JITTER * random()));
}

const sent: Partial<Record<EventType, ContractEventType>> = {
  'oem.contract.created': 'mo.contract.created.sent.to.oem',
  'oem.contract.updated': 'mo.contract.updated.sent.to.oem',
  'oem.contract.deleted': 'mo.contract.deleted.sent.to.oem',
};

/** What the eMSP hears of a delivery to the OEM. */
export function toldOf(type: EventType, state: DeliveryState, attempts: number): ContractEventType | undefined {
  const whenSent = sent[type];
  if (whenSent === undefined) return undefined;
  switch (state) {
    case 'delivered':
      return whenSent;
    case 'rejected':
      return 'mo.contract.rejected.by.oem';
    case 'pending':
      return attempts === 1 ? 'mo.contract.queued.to.oem' : undefined;
    case 'failed':
      return undefined;
  }
}
