/** One question to all peers that can have the answer: the first good answer wins, within the deadline. */
import type { RoleClients } from '@plugpool/client';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { forwarding } from '../kernel/forwarding.ts';
import { traced } from '../kernel/tracing.ts';
import { callFailureIn } from './call-failure.ts';
import { type BreakerRules, CircuitBreaker } from './circuit-breaker.ts';
import type { Peer, PeerRole } from './peer.ts';
import type { ClientsOf } from './peer-clients.ts';
import type { CallResult, WatchPeers } from './peer-watch.ts';

export interface Question<Answer, Good> {
  /** Such as `vehicle`. */
  readonly name: string;
  readonly role: PeerRole;
  /** What is asked for, so that a "no" is remembered for a while. */
  readonly about: readonly string[];
  /** Undefined, or a refusal with 404, when the peer does not know it. */
  readonly call: (clients: RoleClients, signal: AbortSignal) => Promise<Answer | undefined>;
  /** What may be passed on. Throws for whatever does not stand the checks. */
  readonly judge: (answer: Answer) => Good | Promise<Good>;
}

export interface GoodAnswer<Good> {
  readonly peer: Peer;
  readonly good: Good;
}

/** Undefined when nobody gave a good answer in time, and when the call at hand was forwarded to us. Never throws. */
export type AskPeers = <Answer, Good>(question: Question<Answer, Good>) => Promise<GoodAnswer<Good> | undefined>;

export interface AskingNeeds {
  readonly clock: Clock;
  readonly peers: () => Promise<readonly Peer[]>;
  readonly clientsOf: ClientsOf;
  /** For a question to all of them. */
  readonly deadlineMs: number;
  readonly watch: WatchPeers;
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
  readonly breakerRules?: BreakerRules;
}

export interface Asking {
  readonly ask: AskPeers;
  /** What nobody knew may be known by now. */
  readonly forget: () => void;
  readonly breakerOf: (peerId: string) => CircuitBreaker;
}

/** Peers, by one question. */
const MOST_AT_ONCE = 8;
/** Calls to one peer, by all questions; more wait for their turn, within their deadline. */
const MOST_CALLS = 64;
const MOST_WAITING = 1_000;
const MOST_REMEMBERED = 10_000;
const REMEMBERED_MS = 10_000;
const BREAKER_RULES: BreakerRules = { failures: 5, openMs: 30_000 };

export function asking(needs: AskingNeeds): Asking {
  const { clock, breakerRules = BREAKER_RULES } = needs;
  const lines = new Map<string, Line>();
  const unknown = new BoundedCache<true>(MOST_REMEMBERED);

  const lineTo = (peerId: string): Line => {
    const line = lines.get(peerId) ?? new Line(new CircuitBreaker(breakerRules));
    lines.set(peerId, line);
    return line;
  };

  const ask: AskPeers = async (question) => {
    if (forwarding().forwarded) return undefined;
    const asked = (await needs.peers()).filter(({ enabled, roles }) => enabled && roles.includes(question.role));
    if (asked.length === 0) return undefined;
    // Another set of peers may know what this one did not.
    const key = JSON.stringify([question.name, question.about, asked.map(({ id }) => id)]);
    if (unknown.get(key, clock.now()) !== undefined) return undefined;
    const { won, results } = await race(question, asked, { ...needs, lineTo });
    const nobodyKnows = results.length === asked.length && results.every((result) => result === 'absent');
    if (nobodyKnows) unknown.set(key, true, clock.now() + REMEMBERED_MS);
    return won;
  };

  return { ask, breakerOf: (peerId) => lineTo(peerId).breaker, forget: () => unknown.clear() };
}

/** To one peer, for the whole process. */
class Line {
  readonly breaker: CircuitBreaker;
  readonly #waiting: (() => void)[] = [];
  #calls = 0;

  constructor(breaker: CircuitBreaker) {
    this.breaker = breaker;
  }

  get isFull(): boolean {
    return this.#calls >= MOST_CALLS;
  }

  /** False when there was no turn until the signal was given, or too many wait already. Who had one has to leave. */
  async turn(signal: AbortSignal): Promise<boolean> {
    if (!this.isFull) {
      this.#calls++;
      return true;
    }
    if (this.#waiting.length >= MOST_WAITING) return false;
    return await new Promise<boolean>((resolve) => {
      const called = () => {
        signal.removeEventListener('abort', gaveUp);
        resolve(true);
      };
      const gaveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(called), 1);
        resolve(false);
      };
      signal.addEventListener('abort', gaveUp, { once: true });
      this.#waiting.push(called);
    });
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#calls--;
    else next();
  }
}

interface RaceNeeds extends AskingNeeds {
  readonly lineTo: (peerId: string) => Line;
}

/** Asks in the order given, some at the same time; whoever has not answered at the end is broken off. */
async function race<Answer, Good>(question: Question<Answer, Good>, peers: readonly Peer[], needs: RaceNeeds) {
  const waiting = [...peers];
  const results: CallResult[] = [];
  const over = new AbortController();
  const { promise, resolve } = Promise.withResolvers<GoodAnswer<Good> | undefined>();
  const deadline = setTimeout(() => over.abort(new DeadlinePassed()), needs.deadlineMs);
  over.signal.addEventListener('abort', () => resolve(undefined));
  let running = 0;
  const askMore = () => {
    for (; running < MOST_AT_ONCE && !over.signal.aborted; running++) {
      const peer = waiting.shift();
      if (peer === undefined) break;
      void tracedAsking(question, peer, over.signal, needs).then(({ result, good }) => {
        running--;
        results.push(result);
        if (good !== undefined) resolve({ peer, good });
        askMore();
      });
    }
    if (running === 0) resolve(undefined);
  };
  askMore();
  const won = await promise;
  clearTimeout(deadline);
  over.abort();
  return { won, results };
}

class DeadlinePassed extends Error {}

interface Outcome<Good> {
  readonly result: CallResult;
  readonly good?: Good;
}

function tracedAsking<Answer, Good>(
  question: Question<Answer, Good>,
  peer: Peer,
  signal: AbortSignal,
  needs: RaceNeeds,
): Promise<Outcome<Good>> {
  const attributes = { 'plugpool.peer': peer.baseUrl };
  return traced(`peer ${question.name}`, { attributes }, async (span) => {
    const outcome = await askOne(question, peer, signal, needs);
    span?.set({ 'plugpool.peer_result': outcome.result });
    return outcome;
  });
}

/** Whatever the peer does, this has a result. */
async function askOne<Answer, Good>(
  question: Question<Answer, Good>,
  peer: Peer,
  signal: AbortSignal,
  { clock, clientsOf, lineTo, watch, note }: RaceNeeds,
): Promise<Outcome<Good>> {
  const line = lineTo(peer.id);
  const { breaker } = line;
  const started = performance.now();
  const hadToWait = line.isFull;
  const ended = (result: CallResult, why?: string): CallResult => {
    const now = clock.now();
    // Who waited for his turn left the peer less time than it is given.
    if (result === 'beaten' || (result === 'timeout' && hadToWait)) breaker.abandoned();
    else if (result === 'failed' || result === 'timeout') breaker.failed(now);
    else if (result !== 'skipped') breaker.succeeded();
    const milliseconds = performance.now() - started;
    watch({ peer: peer.baseUrl, question: question.name, result, milliseconds, breaker: breaker.state(now) });
    const details = { peer: peer.baseUrl, question: question.name, result };
    if (why !== undefined) note('a peer gave no good answer', { ...details, why: why.slice(0, LONGEST_NOTE) });
    return result;
  };
  // Nobody waits for a peer that is left alone.
  if (breaker.state(clock.now()) === 'open' || !(await line.turn(signal))) return { result: ended('skipped') };
  let answer: Answer | undefined;
  try {
    if (signal.aborted || !breaker.admits(clock.now())) return { result: ended('skipped') };
    answer = await question.call(await clientsOf(peer), signal);
  } catch (error) {
    if (signal.aborted) return { result: ended(signal.reason instanceof DeadlinePassed ? 'timeout' : 'beaten') };
    const { result, why } = await failureOf(error);
    return { result: ended(result, why) };
  } finally {
    line.leave();
  }
  if (answer === undefined) return { result: ended('absent') };
  try {
    const good = await question.judge(answer);
    return { result: ended('good'), good };
  } catch (error) {
    return { result: ended('untrusted', reasonOf(error)) };
  }
}

const LONGEST_NOTE = 500;

/** A peer that lets us in and refuses is alive; one that does not let us in is as good as none. */
async function failureOf(error: unknown): Promise<{ readonly result: CallResult; readonly why?: string }> {
  const failure = await callFailureIn(error);
  if (failure === undefined) return { result: 'failed', why: reasonOf(error) };
  const { kind, status = 0, message: why } = failure;
  if (kind !== 'refused') return { result: kind === 'timeout' ? 'timeout' : 'failed', why };
  if (status === 404) return { result: 'absent' };
  const isAlive = status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
  return { result: isAlive ? 'refused' : 'failed', why };
}

function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.errorMessages.join('; ');
  return error instanceof Error ? error.message : String(error);
}
