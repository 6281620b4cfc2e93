/** The one place from which this package talks HTTP: time and size limits, errors, and what an observer gets to see. */
import { CallError } from './call-error.ts';

export interface HttpCallerOptions {
  /** Where the ecosystem is, such as `http://127.0.0.1:8080`; a path in it is kept in front of every call's. */
  readonly baseUrl: string | URL;
  /** From sending to the last octet of the answer; 10 s when not given. */
  readonly timeoutMilliseconds?: number;
  /** Octets of an answer; 8 MiB when not given. */
  readonly largestAnswer?: number;
  /** Asked before every call: an access token, the party headers of the OPNC. */
  readonly headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Told of every call that got an answer, whatever the answer was. */
  readonly observe?: (exchange: Exchange) => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** What went over the wire in one call. */
export interface Exchange {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  /** Of the bodies, in octets. */
  readonly sentOctets: number;
  readonly receivedOctets: number;
  readonly milliseconds: number;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Behind the base URL, each segment encoded: see `pathOf`. */
  readonly path: string;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly content: string | Uint8Array };
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  /** 2xx. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** @throws CallError for everything but a 2xx answer */
export type HttpCaller = (call: Call) => Promise<Answer>;

const defaultTimeout = 10_000;
const defaultLargestAnswer = 8 * 1024 * 1024;

export function httpCaller(options: HttpCallerOptions): HttpCaller {
  return async (call) => {
    const url = urlOf(options.baseUrl, call);
    const started = performance.now();
    const answer = await answerOf(options, url, call);
    options.observe?.({
      method: call.method,
      path: url.pathname + url.search,
      status: answer.status,
      sentOctets: call.body === undefined ? 0 : Buffer.byteLength(call.body.content),
      receivedOctets: answer.body.length,
      milliseconds: performance.now() - started,
    });
    if (answer.status < 200 || answer.status > 299) throw refusal(`${call.method} ${url.pathname}`, answer);
    return answer;
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

function urlOf(baseUrl: string | URL, { path, query = {} }: Call): URL {
  const base = new URL(baseUrl);
  const url = new URL(base.pathname.replace(/\/$/, '') + path, base);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

async function answerOf(options: HttpCallerOptions, url: URL, call: Call): Promise<Answer> {
  const { timeoutMilliseconds = defaultTimeout, fetch = globalThis.fetch } = options;
  const name = `${call.method} ${url.pathname}`;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: await headersOf(options, call),
      ...(call.body && { body: call.body.content }),
      signal: call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]),
      // A redirected call would carry its token to wherever the answer points.
      redirect: 'manual',
    });
    const body = await bodyOf(response, options.largestAnswer ?? defaultLargestAnswer, name);
    return { status: response.status, headers: response.headers, body };
  } catch (cause) {
    if (cause instanceof CallError) throw cause;
    if (call.signal?.aborted === true) throw new CallError('aborted', name, 'the call was aborted', { cause });
    const why = timeout.aborted ? `within ${timeoutMilliseconds} ms` : `(${rootCause(cause)})`;
    const kind = timeout.aborted ? 'timeout' : 'unreachable';
    throw new CallError(kind, name, `no answer from ${url.origin} ${why}`, { cause });
  }
}

async function headersOf(options: HttpCallerOptions, call: Call): Promise<Record<string, string>> {
  return {
    ...(await options.headers?.()),
    ...call.headers,
    ...(call.body && { 'content-type': call.body.type }),
  };
}

async function bodyOf(response: Response, largest: number, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const part of response.body ?? []) {
    octets += part.length;
    if (octets > largest) throw new CallError('bad-answer', name, `the answer has more than ${largest} octets`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** `fetch` says "fetch failed" and keeps what happened in the cause. */
function rootCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return rootCause(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function refusal(name: string, { status, headers, body }: Answer): CallError {
  const { errorMessages, traceId } = errorBodyOf(body);
  const said = errorMessages.length === 0 ? '' : `: ${errorMessages.join('; ')}`;
  return new CallError('refused', name, `answered ${status}${said}`, {
    status,
    errorMessages,
    traceId: traceId ?? headers.get('x-trace-id') ?? undefined,
    body,
  });
}

/** `{errorMessages, traceId}` as far as the body has it; servers behind a proxy answer with anything. */
function errorBodyOf(body: Uint8Array): { errorMessages: string[]; traceId: string | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const fields = new Map(Object.entries(Object(value)));
  const messages: unknown = fields.get('errorMessages');
  const traceId = fields.get('traceId');
  return {
    errorMessages: Array.isArray(messages) ? messages.filter((text) => typeof text === 'string') : [],
    traceId: typeof traceId === 'string' ? traceId : undefined,
  };
}
