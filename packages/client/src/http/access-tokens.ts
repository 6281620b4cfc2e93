/** OAuth 2.0 client credentials (RFC 6749 §4.4) as the OPCP has them. */
import { CallError } from './call-error.ts';
import { type Answer, answerOnce } from './exchange.ts';
import { textOf } from './octets.ts';

/** Where calls get their access tokens from. */
export interface AccessTokens {
  /** A token that is good for now; the same one until it is about to expire. */
  current(): Promise<string>;
  /** A server did not take this token: the next one will be another. */
  refused(token: string): void;
}

export interface ClientCredentials {
  /** Of the ecosystem, whose token endpoint is `/oauth/token`; or of another token endpoint, with its path. */
  readonly tokenUrl: string | URL;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The stage that the token is for; ecosystems of the field require it. */
  readonly audience?: string;
  /** How the request is written: `json` (default, as the OPCP says) or `form` (as RFC 6749 says). */
  readonly body?: 'json' | 'form';
  /** A token is renewed so long before it expires; 30 s when not given, and never more than half its life. */
  readonly earlyMilliseconds?: number;
  readonly timeoutMilliseconds?: number;
  readonly now?: () => number;
  readonly fetch?: typeof globalThis.fetch;
}

interface Token {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly goodUntil: number;
}

const defaultEarly = 30_000;
const defaultTimeout = 10_000;

/** Calls that need a token at the same time wait for one request. */
export function clientCredentials(options: ClientCredentials): AccessTokens {
  const { now = Date.now } = options;
  let held: Token | undefined;
  let asked: Promise<Token> | undefined;
  return {
    async current() {
      if (held !== undefined && now() < held.goodUntil) return held.value;
      asked ??= requestToken(options, now).finally(() => {
        asked = undefined;
      });
      held = await asked;
      return held.value;
    },
    refused(token) {
      if (held?.value === token) held = undefined;
    },
  };
}

/** @throws CallError */
async function requestToken(options: ClientCredentials, now: () => number): Promise<Token> {
  const { fetch = globalThis.fetch, timeoutMilliseconds = defaultTimeout, earlyMilliseconds = defaultEarly } = options;
  const url = tokenEndpoint(options.tokenUrl);
  const asked = now();
  const body = requestBody(options);
  const answer = await answerOnce(
    url,
    { method: 'POST', body },
    { fetch, timeoutMilliseconds, largestAnswer: 64 * 1024 },
  );
  const { access_token: value, expires_in: seconds } = fieldsOf(answer, `POST ${url.pathname}`);
  if (typeof value !== 'string' || value === '') {
    throw new CallError('bad-answer', `POST ${url.pathname}`, 'access_token in the answer is missing');
  }
  // A server may leave out how long it lasts (RFC 6749 §5.1): then it lasts until a call is refused.
  if (typeof seconds !== 'number') return { value, goodUntil: Number.POSITIVE_INFINITY };
  const life = Math.max(0, 1000 * seconds);
  return { value, goodUntil: asked + life - Math.min(earlyMilliseconds, life / 2) };
}

function tokenEndpoint(tokenUrl: string | URL): URL {
  const url = new URL(tokenUrl);
  return url.pathname === '/' ? new URL('/oauth/token', url) : url;
}

function requestBody({ clientId, clientSecret, audience, body = 'json' }: ClientCredentials) {
  const fields = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    ...(audience !== undefined && { audience }),
  };
  return body === 'json'
    ? { type: 'application/json', content: JSON.stringify(fields) }
    : { type: 'application/x-www-form-urlencoded', content: new URLSearchParams(fields).toString() };
}

function fieldsOf(answer: Answer, call: string): { readonly access_token?: unknown; readonly expires_in?: unknown } {
  try {
    return Object(JSON.parse(textOf(answer.body)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CallError('bad-answer', call, `the answer is not JSON: ${cause.message}`, { cause });
  }
}
