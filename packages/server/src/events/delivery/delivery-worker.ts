/**
 * Sends what is due. Any number of processes run one of these on the same database: a delivery is claimed for the time
 * that an attempt may take, sent outside of any transaction, and settled; what a process that died had claimed is due
 * again when the claim runs out.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseEmaid, parsePcid } from '@plugpool/iso15118/pki';
import type { Clock } from '../../kernel/clock.ts';
import { timeOrderedId } from '../../kernel/time-ordered-id.ts';
import { asTrace, currentSpan, type Tracing } from '../../kernel/tracing.ts';
import type { Secrets } from '../../keys/key-store.ts';
import { OutgoingError } from '../../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../../outgoing/outgoing-http.ts';
import type { Store, Tx } from '../../store/store.ts';
import { selectEndpoint, selectSecrets } from '../endpoint-queries.ts';
import type { NewEvent } from '../event.ts';
import type { EventOrigins } from '../event-origins.ts';
import { insertEvents, selectEnabledTypes, typeOfRow } from '../event-queries.ts';
import { secretName } from '../webhook-endpoints.ts';
import { DELIVERY_TOPIC } from './delivery.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  releaseDeliveries,
  selectEndpointsWithDue,
  selectEvent,
  settleDelivery,
} from './delivery-queries.ts';
import { fanOut, type RightsOfOwners } from './fan-out.ts';
import { type Outcome, type RetryRules, retryDelay, toldOf, verdictOn } from './verdict.ts';
import { webhookRequest } from './webhook-request.ts';

export interface DeliveryWorkerNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly send: SendOutgoing;
  readonly rightsOf: RightsOfOwners;
  readonly retry: RetryRules;
  /** Tells the operator of an attempt that failed, or of a round that did. */
  readonly note: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Milliseconds between two looks at the database when nobody announces anything. */
  readonly lookEveryMs?: number;
  /** Hears of each attempt; `retried` is one that will be repeated. */
  readonly attempted?: (result: AttemptResult, seconds: number) => void;
  /** Each attempt is a trace of its own, linked to what recorded the event where that is known. */
  readonly tracing?: Tracing | undefined;
  readonly origins?: EventOrigins;
}

export type AttemptResult = 'delivered' | 'rejected' | 'retried' | 'failed';

export interface DeliveryWorker {
  /** There may be something to do. */
  wake(): void;
  /** Takes nothing more, breaks off what is under way, and gives it back. */
  stop(): Promise<void>;
}

/** How long it takes to notice what another process recorded and did not announce, and what is due again. */
const LOOK_EVERY_MS = 500;
const ATTEMPT_MS = 10_000;
const LEASE_MS = ATTEMPT_MS + 5_000;
const ANSWER_OCTETS = 4096;
const ANSWER_CHARACTERS = 500;
const REDIRECTS = 3;
/** At the same time and for one endpoint, each about another object. */
const AT_ONCE = 8;
/** The same for an endpoint whose last attempt failed: a dead one costs one connection and no more. */
const AT_ONCE_FAILING = 1;

export function startDeliveryWorker(needs: DeliveryWorkerNeeds): DeliveryWorker {
  const { store, clock, note, lookEveryMs = LOOK_EVERY_MS } = needs;
  const stopping = new AbortController();
  const underWay = new Map<string, Set<ClaimedDelivery>>();
  const failing = new Set<string>();
  const attempts = new Set<Promise<void>>();
  let bell = new AbortController();
  let rung = false;

  const wake = () => {
    rung = true;
    bell.abort();
  };

  function freeSlots(endpointId: string): number {
    const most = failing.has(endpointId) ? AT_ONCE_FAILING : AT_ONCE;
    return most - (underWay.get(endpointId)?.size ?? 0);
  }

  async function claimFor(endpointId: string): Promise<void> {
    const most = freeSlots(endpointId);
    if (most <= 0) return;
    const now = clock.now();
    const claims = await claimDeliveries(store, { endpointId, most, now, lease: now + LEASE_MS });
    for (const claim of claims) {
      const claimed = underWay.get(endpointId) ?? new Set();
      underWay.set(endpointId, claimed.add(claim));
      const attempt = tracedDelivery(claim, { ...needs, signal: stopping.signal })
        .then((state) => {
          if (state === 'taken') failing.delete(endpointId);
          else if (state === 'failed') failing.add(endpointId);
        })
        .catch((err) => note('a delivery could not be settled, it will be sent again', { err }))
        .finally(() => {
          claimed.delete(claim);
          if (claimed.size === 0) underWay.delete(endpointId);
          attempts.delete(attempt);
          wake();
        });
      attempts.add(attempt);
    }
  }

  async function round(): Promise<void> {
    while (await fanOut(store, needs.rightsOf, clock.now())) if (stopping.signal.aborted) return;
    const due = await selectEndpointsWithDue(store.db, clock.now());
    if (due.length === 0) return;
    const rights = await needs.rightsOf(due.flatMap(({ owner }) => owner ?? []));
    for (const { id, owner } of due) {
      if (stopping.signal.aborted) return;
      // What waits for a party that was disabled since waits on.
      if (rights(owner ?? undefined) !== undefined) await claimFor(id);
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      rung = false;
      try {
        await round();
      } catch (err) {
        // A database that is away comes back; nothing is lost meanwhile.
        note('webhooks could not be looked for', { err });
        await pause(lookEveryMs, stopping.signal);
      }
      if (rung) continue;
      bell = new AbortController();
      await pause(lookEveryMs, AbortSignal.any([bell.signal, stopping.signal]));
    }
  }

  const running = run();
  const endListening = store.listen(DELIVERY_TOPIC, wake);
  return {
    wake,
    async stop() {
      stopping.abort();
      await endListening();
      await running;
      await Promise.all(attempts);
    },
  };
}

/** Ends early, and not in an error, when the signal is given. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch((error) => {
    if (!signal.aborted) throw error;
  });
}

type AttemptNeeds = DeliveryWorkerNeeds & { readonly signal: AbortSignal };

function tracedDelivery(claim: ClaimedDelivery, needs: AttemptNeeds): ReturnType<typeof deliver> {
  const { eventId, endpointId, attempts } = claim;
  const attributes = {
    ...{ 'plugpool.event_id': eventId, 'plugpool.webhook_endpoint': endpointId },
    'plugpool.attempt': attempts + 1,
  };
  const links = needs.tracing === undefined ? [] : (needs.origins?.of(eventId) ?? []);
  return asTrace(needs.tracing, 'webhook deliver', { attributes, links }, () => deliver(claim, needs));
}

/** One attempt, and what follows from it. */
async function deliver(claim: ClaimedDelivery, needs: AttemptNeeds): Promise<'taken' | 'failed' | 'given back'> {
  const { store, clock, secrets } = needs;
  const { endpointId, eventId } = claim;
  const [endpoint, [current, previous], event] = await Promise.all([
    selectEndpoint(store.db, endpointId),
    selectSecrets(store.db, endpointId, clock.now()),
    selectEvent(store.db, eventId),
  ]);
  // Removed in the meantime, and the delivery with it.
  if (endpoint === undefined || current === undefined || event === undefined) return 'given back';
  const type = typeOfRow(event.type);
  const sent = { ...event, type, occurredAt: event.occurred_at };
  const open = (sealed: Uint8Array) => secrets.open(secretName(endpointId), sealed);
  const signing = { current: open(current), previous: previous && open(previous) };
  const request = webhookRequest(sent, endpoint, signing);
  const startedAt = performance.now();
  const outcome = await attempt(endpoint.url, request, needs);
  const seconds = (performance.now() - startedAt) / 1000;
  if (outcome === undefined) {
    await releaseDeliveries(store.db, [claim], clock.now());
    return 'given back';
  }
  const now = clock.now();
  const attempts = claim.attempts + 1;
  const state = verdictOn(outcome, attempts);
  currentSpan()?.set({ 'plugpool.event_type': type, 'plugpool.delivery_state': state });
  needs.attempted?.(state === 'pending' ? 'retried' : state, seconds);
  const dueAt = state === 'pending' ? now + retryDelay(needs.retry) : now;
  const told = toldOf(type, state, attempts);
  await store.transaction(async (tx) => {
    if (!(await settleDelivery(tx, claim, { state, attempts, dueAt, at: now, ...outcome }))) return;
    if (told !== undefined) await record(tx, { ...event, type: told }, now);
  });
  if (state === 'delivered') return 'taken';
  // What a receiver says of our customers is kept with the delivery, and in no log.
  const why = 'status' in outcome ? { status: outcome.status } : { why: outcome.answer };
  needs.note('a webhook was not taken', { endpointId, eventId, state, attempts, ...why });
  return state === 'rejected' ? 'taken' : 'failed';
}

/** Undefined when it was broken off. */
async function attempt(
  url: string,
  { headers, body }: ReturnType<typeof webhookRequest>,
  { send, signal }: AttemptNeeds,
): Promise<Outcome | undefined> {
  try {
    const response = await send({
      method: 'POST',
      url,
      headers,
      body,
      maxBytes: ANSWER_OCTETS,
      cutLonger: true,
      deadlineMs: ATTEMPT_MS,
      maxRedirects: REDIRECTS,
      signal,
    });
    return { status: response.status, answer: excerpt(response.body) };
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof OutgoingError) return { answer: error.message };
    throw error;
  }
}

/** What a person can read of an answer, and every database can hold. */
function excerpt(body: Uint8Array): string {
  const text = Buffer.from(body)
    .toString('utf8')
    .replaceAll(/\p{Cc}+/gu, ' ');
  return text.slice(0, ANSWER_CHARACTERS).toWellFormed();
}

type CauseRow = NonNullable<Awaited<ReturnType<typeof selectEvent>>>;

/** What the eMSP hears has the contents of what the OEM heard. */
async function record(tx: Tx, cause: CauseRow & Pick<NewEvent, 'type'>, occurredAt: number): Promise<void> {
  const { type, object, edition, emaid, pcid } = cause;
  const event: NewEvent = {
    type,
    object,
    ...((edition === 'ISO15118-2' || edition === 'ISO15118-20') && { edition }),
    ...(emaid !== null && pcid !== null && { contract: { emaid: parseEmaid(emaid), pcid: parsePcid(pcid) } }),
    payload: JSON.parse(cause.payload),
  };
  if (!(await selectEnabledTypes(tx, [type])).has(type)) return;
  await insertEvents(tx, [{ ...event, id: timeOrderedId(occurredAt), occurredAt, cause: cause.id }]);
}
