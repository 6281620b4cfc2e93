/** Calls as they come from outside: status, headers and octets, whatever they are. */
import type { Role } from '../role-credentials.ts';
import { CheckFailed, expectThat } from './verdict.ts';

/** One call. */
export interface Ask {
  readonly method: string;
  /** On the server that is checked, or a whole URL where a certificate says so; no token goes there. */
  readonly path: string;
  /** As JSON; octets and texts as they are. */
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly name: string;
  readonly status: number;
  readonly headers: Headers;
  readonly octets: Uint8Array;
  /** The octets as UTF-8. */
  readonly text: string;
  /** `undefined` when the body is no JSON. */
  readonly json: unknown;
}

export interface ProbeOptions {
  readonly url: string;
  readonly timeoutMilliseconds: number;
  /** The bearer token of a role; `undefined` where the server asks for none. */
  readonly tokenOf: (role: Role) => Promise<string | undefined>;
}

/** `as` tells whose token goes with the call; nobody's when it is left out. */
export type Probe = (ask: Ask, as?: Role) => Promise<Answer>;

/** @param userAgent names the check, so that a server's log shows what it was asked for */
export function probeFor({ url, timeoutMilliseconds, tokenOf }: ProbeOptions, userAgent: string): Probe {
  return async ({ method, path, body, type = 'application/json', headers = {} }, as) => {
    const name = `${method} ${path.replace(/\?.*/, '')}`;
    const isWhole = /^https?:/.test(path);
    const token = as === undefined || isWhole ? undefined : await tokenOf(as);
    try {
      const response = await fetch(isWhole ? path : url + path, {
        method,
        headers: {
          'user-agent': userAgent,
          ...(body === undefined ? {} : { 'content-type': type }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: written(body) }),
        signal: AbortSignal.timeout(timeoutMilliseconds),
        redirect: 'manual',
      });
      const octets = new Uint8Array(await response.arrayBuffer());
      const text = Buffer.from(octets).toString('utf8');
      return { name, status: response.status, headers: response.headers, octets, text, json: jsonIn(text) };
    } catch (cause) {
      throw new CheckFailed(`${name}: no answer (${cause instanceof Error ? rootCause(cause) : String(cause)})`, {
        cause,
      });
    }
  };
}

/** A member of a member of an answer; `undefined` when it is not there. */
export function memberOf(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((at, step) => new Map<string, unknown>(Object.entries(Object(at))).get(String(step)), value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** @throws CheckFailed for another status */
export function expectStatus(answer: Answer, ...wanted: readonly number[]): Answer {
  const { name, status, text } = answer;
  expectThat(wanted.includes(status), `${name}: expected ${wanted.join(' or ')}, got ${status} ${shortened(text)}`);
  return answer;
}

/** A refusal in the field's form. @throws CheckFailed */
export function expectRefusal(answer: Answer, status: number, text?: RegExp): void {
  expectStatus(answer, status);
  const messages = listOf(memberOf(answer.json, 'errorMessages')).map(String);
  const { name } = answer;
  expectThat(messages.length > 0, `${name}: ${status} without errorMessages: ${shortened(answer.text)}`);
  expectThat(typeof memberOf(answer.json, 'traceId') === 'string', `${name}: ${status} without traceId`);
  if (text === undefined) return;
  const said = messages.some((message) => text.test(message));
  expectThat(said, `${name}: no errorMessage matches ${text}: ${shortened(messages.join(' | '))}`);
}

export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}

function written(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `fetch` says "fetch failed" and keeps what happened in the cause. */
function rootCause(error: Error): string {
  return error.cause instanceof Error ? rootCause(error.cause) : error.message;
}
