/** The one place from which this package talks HTTP: addresses, tokens, repeated attempts, and what observers see. */
import type { AccessTokens } from './access-tokens.ts';
import { CallError } from './call-error.ts';
import { type Answer, answerOnce, type Sent } from './exchange.ts';
import { type Retries, withRetries } from './retries.ts';

export interface HttpCallerOptions {
  /** Where the ecosystem is, such as `http://127.0.0.1:8080`; a path in it is kept in front of every call's. */
  readonly baseUrl: string | URL;
  /** From sending to the last octet of the answer, for each attempt; 10 s when not given. */
  readonly timeoutMilliseconds?: number;
  /** Octets of an answer; 8 MiB when not given. */
  readonly largestAnswer?: number;
  /** Asked before every attempt: the party headers of the OPNC. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Access tokens, such as `clientCredentials(…)`; a token that is refused is renewed once. */
  readonly tokens?: AccessTokens;
  /** How calls that are safe to repeat are repeated. */
  readonly retries?: Retries;
  /** Told of every attempt that got an answer, whatever the answer was. */
  readonly observe?: (exchange: Exchange) => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** What went over the wire in one attempt. */
export interface Exchange {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** Of the bodies, in octets. */
  readonly sentOctets: number;
  readonly receivedOctets: number;
  readonly milliseconds: number;
  /** The bodies; headers are left out, for tokens are in them. */
  readonly sent: WireBody | undefined;
  readonly received: WireBody;
}

export interface WireBody {
  /** Media type; empty when none was said. */
  readonly type: string;
  readonly content: string | Uint8Array;
}

export interface Call extends Sent {
  /** Behind the base URL, each segment encoded: see `pathOf`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** May be made again when nobody knows whether it arrived; a GET always may. */
  readonly repeatable?: boolean | undefined;
}

/** @throws CallError for everything but a 2xx answer */
export type HttpCaller = (call: Call) => Promise<Answer>;

const defaultTimeout = 10_000;
const defaultLargestAnswer = 8 * 1024 * 1024;
const unauthorized = 401;

export function httpCaller(options: HttpCallerOptions): HttpCaller {
  return (call) => {
    const url = urlOf(options.baseUrl, call);
    const attempt = () => attemptWithToken(options, url, call);
    return call.method === 'GET' || call.repeatable === true
      ? withRetries(attempt, options.retries ?? {}, call.signal)
      : attempt();
  };
}

/** A path of fixed text and values, the values encoded: `` pathOf`/pcp/lookupvehicle/${pcid}` ``. */
export function pathOf(fixed: TemplateStringsArray, ...values: readonly string[]): string {
  const segments = values.map((value) => {
    // Encoding leaves dots alone, and a URL takes these two as steps to another resource.
    if (value === '.' || value === '..') throw new RangeError(`"${value}" names nothing in a path`);
    return encodeURIComponent(value);
  });
  return String.raw({ raw: fixed }, ...segments);
}

/** Behind the path of the base URL. */
export function urlOf(baseUrl: string | URL, { path, query = {} }: Pick<Call, 'path' | 'query'>): URL {
  const base = new URL(baseUrl);
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

/** A token can end before its time: whoever says 401 has not done anything yet, so any call may be made once more. */
async function attemptWithToken(options: HttpCallerOptions, url: URL, call: Call): Promise<Answer> {
  const { tokens } = options;
  if (tokens === undefined) return await attempt(options, url, call, {});
  const token = await currentToken(tokens, url, call);
  try {
    return await attempt(options, url, call, bearer(token));
  } catch (error) {
    if (!(error instanceof CallError) || error.status !== unauthorized) throw error;
    tokens.refused(token);
    return await attempt(options, url, call, bearer(await currentToken(tokens, url, call)));
  }
}

/** Other calls may wait for the same token, so a caller that gives up leaves them alone. */
async function currentToken(tokens: AccessTokens, url: URL, { method, signal }: Call): Promise<string> {
  if (signal === undefined) return await tokens.current();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(new CallError('aborted', `${method} ${url.pathname}`, 'the call was aborted'));
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([aborted.promise, tokens.current()]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

async function attempt(
  options: HttpCallerOptions,
  url: URL,
  call: Call,
  authorization: Readonly<Record<string, string>>,
): Promise<Answer> {
  const {
    timeoutMilliseconds = defaultTimeout,
    largestAnswer = defaultLargestAnswer,
    fetch = globalThis.fetch,
  } = options;
  const headers = { ...(await options.headers?.()), ...authorization, ...call.headers };
  const started = performance.now();
  const observe = ({ status, headers: received, body }: Answer) =>
    options.observe?.({
      method: call.method,
      path: url.pathname + url.search,
      status,
      sentOctets: sizeOf(call.body?.content),
      receivedOctets: body.length,
      milliseconds: performance.now() - started,
      sent: call.body,
      received: { type: received.get('content-type') ?? '', content: body },
    });
  return await answerOnce(url, { ...call, headers }, { timeoutMilliseconds, largestAnswer, fetch, observe });
}

function sizeOf(content: string | Uint8Array | undefined): number {
  return typeof content === 'string' ? new TextEncoder().encode(content).length : (content?.length ?? 0);
}
