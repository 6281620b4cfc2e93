/** The guarded way out in the shape of `fetch`, for clients that take one. */
import type { SendOutgoing } from './outgoing-http.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

export interface FetchLimits {
  /** Largest body of an answer, in octets. */
  readonly maxBytes: number;
  readonly deadlineMs: number;
}

/** Redirects are not followed. Bodies are texts or octets. Rejects with an `OutgoingError` when there is no answer. */
export function outgoingFetch(send: SendOutgoing, limits: FetchLimits): typeof globalThis.fetch {
  return async (target, { method = 'GET', headers, body, signal } = {}) => {
    const known = methods.find((each) => each === method);
    if (known === undefined || target instanceof Request) throw new TypeError('the call is none of this client');
    const answer = await send({
      ...limits,
      method: known,
      url: String(target),
      headers: Object.fromEntries(new Headers(headers)),
      ...(signal && { signal }),
      ...octetsOf(body),
    });
    const answered = new Headers();
    for (const [name, value] of Object.entries(answer.headers)) {
      if (typeof value === 'string') answered.set(name, value);
    }
    const empty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    return new Response(empty ? null : Buffer.from(answer.body), {
      status: statusOf(answer.status),
      headers: answered,
    });
  };
}

function octetsOf(body: unknown): { body?: Uint8Array } {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string') return { body: Buffer.from(body) };
  if (body instanceof Uint8Array) return { body };
  throw new TypeError('the body is neither text nor octets');
}

/** What is no status of an answer (RFC 9110 §15) is an answer of a broken server. */
function statusOf(status: number): number {
  return status >= 200 && status <= 599 ? status : 502;
}
