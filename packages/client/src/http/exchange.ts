/** One request and its answer: time and size limits, and every failure as a `CallError`. */
import { CallError } from './call-error.ts';
import { textOf } from './octets.ts';
import { refusalKindOf } from './refusal.ts';

export interface Sent {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly content: string | Uint8Array<ArrayBuffer> };
  readonly signal?: AbortSignal | undefined;
}

export interface Limits {
  /** From sending to the last octet of the answer. */
  readonly timeoutMilliseconds: number;
  /** Octets. */
  readonly largestAnswer: number;
  readonly fetch: typeof globalThis.fetch;
  /** Told of every answer, whatever it is. */
  readonly observe?: ((answer: Answer) => void) | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** @throws CallError for everything but a 2xx answer */
export async function answerOnce(url: URL, sent: Sent, limits: Limits): Promise<Answer> {
  const name = `${sent.method} ${url.pathname}`;
  const answer = await answerOf(url, sent, limits, name);
  limits.observe?.(answer);
  if (answer.status < 200 || answer.status > 299) throw refusal(name, answer);
  return answer;
}

async function answerOf(url: URL, sent: Sent, limits: Limits, name: string): Promise<Answer> {
  const { timeoutMilliseconds, largestAnswer, fetch } = limits;
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(url, {
      method: sent.method,
      headers: { ...sent.headers, ...(sent.body && { 'content-type': sent.body.type }) },
      ...(sent.body && { body: sent.body.content }),
      signal: sent.signal === undefined ? timeout : AbortSignal.any([sent.signal, timeout]),
      // A redirected call would carry its token to wherever the answer points.
      redirect: 'manual',
    });
    const body = await bodyOf(response, largestAnswer, name);
    return { status: response.status, headers: response.headers, body };
  } catch (cause) {
    if (cause instanceof CallError) throw cause;
    if (sent.signal?.aborted === true) throw new CallError('aborted', name, 'the call was aborted', { cause });
    const why = timeout.aborted ? `within ${timeoutMilliseconds} ms` : `(${rootCause(cause)})`;
    const kind = timeout.aborted ? 'timeout' : 'unreachable';
    throw new CallError(kind, name, `no answer from ${url.origin} ${why}`, { cause });
  }
}

async function bodyOf(response: Response, largest: number, name: string): Promise<Uint8Array> {
  // Not every browser iterates over streams.
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let octets = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    octets += part.value.length;
    if (octets > largest) {
      await reader.cancel();
      throw new CallError('bad-answer', name, `the answer has more than ${largest} octets`);
    }
    parts.push(part.value);
  }
  return joined(parts, octets);
}

function joined(parts: readonly Uint8Array[], octets: number): Uint8Array {
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
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
    refusal: refusalKindOf(status, errorMessages),
    errorMessages,
    traceId: traceId ?? headers.get('x-trace-id') ?? undefined,
    retryAfterMilliseconds: retryAfterOf(headers.get('retry-after')),
    body,
  });
}

/** `{errorMessages, traceId}`, or the `{error, error_description}` of OAuth; servers behind a proxy answer with anything. */
function errorBodyOf(body: Uint8Array): { errorMessages: string[]; traceId: string | undefined } {
  let value: unknown;
  try {
    value = JSON.parse(textOf(body));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const fields = new Map<string, unknown>(Object.entries(Object(value)));
  const messages = fields.get('errorMessages');
  const traceId = fields.get('traceId');
  const oauth = [fields.get('error'), fields.get('error_description')].filter((text) => typeof text === 'string');
  return {
    errorMessages: Array.isArray(messages)
      ? messages.filter((text) => typeof text === 'string')
      : oauth.length === 0
        ? []
        : [oauth.join(': ')],
    traceId: typeof traceId === 'string' ? traceId : undefined,
  };
}

/** Seconds or a date (RFC 9110 §10.2.3), as milliseconds from now. */
function retryAfterOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const milliseconds = /^\d{1,9}$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
