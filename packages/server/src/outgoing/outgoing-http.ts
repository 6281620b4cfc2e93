/**
 * HTTP to servers of others: every request of this process that goes to an address which somebody else chose passes
 * here. Addresses are looked up once and judged, and the connection is made to the address that was judged.
 */
import { lookup, Resolver } from 'node:dns/promises';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import { isIP } from 'node:net';
import { currentSpan, traced } from '../kernel/tracing.ts';
import { isInternalAddress } from './internal-address.ts';
import { OutgoingError } from './outgoing-error.ts';

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Largest body of an answer, in octets. */
  readonly maxBytes: number;
  /** For everything together: name, connection, redirects and body. */
  readonly deadlineMs: number;
  /** How many redirects are followed; none unless told. */
  readonly maxRedirects?: number;
  /** A longer answer is cut instead of refused, for those who want its status. */
  readonly cutLonger?: boolean;
  /** Breaks the request off. */
  readonly signal?: AbortSignal;
}

export interface OutgoingResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** @throws OutgoingError, and no other error, when there is no answer; any status is an answer */
export type SendOutgoing = (request: OutgoingRequest) => Promise<OutgoingResponse>;

interface Address {
  readonly address: string;
  readonly family: number;
}

export interface TargetRules {
  /** Whether addresses of this machine and its network may be reached; looked at for each request. */
  readonly allowPrivateTargets: boolean;
  /** What counts as internal; the usual networks unless told otherwise. */
  readonly isInternal?: (address: string) => boolean;
}

export interface OutgoingRules extends TargetRules {
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
  /** Whether those who are asked hear of the trace that asks: ecosystems like ours do, whoever else is asked does not. */
  readonly handsTraceOn?: boolean;
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Those that keep method and body. */
const sameMethod: ReadonlySet<number> = new Set([307, 308]);

/**
 * What can be said of a URL before anything is sent to it: a name may still turn out to be internal.
 * @throws OutgoingError `bad-url`, `address-refused`
 */
export function checkTarget(text: string, { allowPrivateTargets, isInternal = isInternalAddress }: TargetRules): void {
  const hostname = hostnameOf(parsed(text));
  const isLocal = isIP(hostname) === 0 ? /(?:^|\.)localhost\.?$/.test(hostname) : isInternal(hostname);
  if (isLocal && !allowPrivateTargets) throw internalRefused();
}

export function outgoingHttp(rules: OutgoingRules): SendOutgoing {
  const { isInternal = isInternalAddress, resolve = resolveByDns, handsTraceOn = false } = rules;

  async function addressOf(url: URL): Promise<Address> {
    const hostname = hostnameOf(url);
    const family = isIP(hostname);
    const found = family === 0 ? await resolved(hostname, resolve) : [{ address: hostname, family }];
    const allowed = found.find(({ address }) => rules.allowPrivateTargets || !isInternal(address));
    if (allowed !== undefined) return allowed;
    throw internalRefused();
  }

  async function follow(request: OutgoingRequest, url: URL, signal: AbortSignal, left: number) {
    const response = await exchange(request, url, await addressOf(url), signal);
    const { location } = response.headers;
    if (location === undefined || !redirects.has(response.status)) return response;
    if (request.method !== 'GET' && !sameMethod.has(response.status)) return response;
    if (left <= 0) throw new OutgoingError('too-many-redirects', 'it redirects too often');
    return await follow(request, parsed(location, url), signal, left - 1);
  }

  async function send(request: OutgoingRequest): Promise<OutgoingResponse> {
    const deadline = AbortSignal.timeout(request.deadlineMs);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([deadline, request.signal]);
    const url = parsed(request.url);
    return await Promise.race([follow(request, url, signal, request.maxRedirects ?? 0), whenOver(signal)]);
  }

  return (request) => {
    const attributes = { 'http.request.method': request.method };
    return traced(request.method, { kind: 'client', attributes }, async (span) => {
      span?.set(serverOf(request.url));
      const trace = handsTraceOn ? currentSpan()?.headers() : undefined;
      const response = await send(
        trace === undefined ? request : { ...request, headers: { ...request.headers, ...trace } },
      );
      span?.set({ 'http.response.status_code': response.status });
      return response;
    });
  };
}

/** Not the path, which may name whom it is about. */
function serverOf(text: string) {
  const url = URL.parse(text);
  if (url === null) return {};
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { 'server.address': hostnameOf(url), 'server.port': port };
}

function parsed(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new OutgoingError('bad-url', 'its URL is none of HTTP');
  }
  if (url.username !== '' || url.password !== '') throw new OutgoingError('bad-url', 'its URL holds a password');
  return url;
}

/** An IPv6 address without its brackets. */
function hostnameOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function internalRefused(): OutgoingError {
  return new OutgoingError('address-refused', 'its address is internal, which is not allowed');
}

async function resolved(hostname: string, resolve: (hostname: string) => Promise<readonly Address[]>) {
  try {
    return await resolve(hostname);
  } catch (cause) {
    throw new OutgoingError('unreachable', 'its name is not known', { cause });
  }
}

const resolver = new Resolver({ timeout: 2_000, tries: 2 });

/** By the name servers first; the machine is asked for names without a dot, and for what they do not tell. */
async function resolveByDns(hostname: string): Promise<readonly Address[]> {
  if (!hostname.includes('.')) return await askMachine(hostname);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = answers.flatMap((answer, index) =>
    answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
  );
  return found.length > 0 ? found : await askMachine(hostname);
}

/** Asking the machine takes one of the four threads that the whole process has for files as well. */
const MOST_ASKING = 2;
let asking = 0;
const waiting: (() => void)[] = [];

async function askMachine(hostname: string): Promise<readonly Address[]> {
  if (asking >= MOST_ASKING) await new Promise<void>((resolve) => waiting.push(resolve));
  asking++;
  try {
    return await lookup(hostname, { all: true });
  } finally {
    asking--;
    waiting.shift()?.();
  }
}

/** A name server that never answers cannot be told to stop, so the deadline runs beside everything. */
function whenOver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(timedOut());
    signal.addEventListener('abort', () => reject(timedOut()), { once: true });
  });
}

function timedOut(): OutgoingError {
  return new OutgoingError('timeout', 'it did not answer in time');
}

async function exchange(
  { method, headers, body, maxBytes, cutLonger = false }: OutgoingRequest,
  url: URL,
  { address, family }: Address,
  signal: AbortSignal,
): Promise<OutgoingResponse> {
  const options: RequestOptions = {
    method,
    signal,
    agent: false,
    headers: { ...headers, ...(body && { 'content-length': body.length }) },
    // The name stays in the URL for the Host header and TLS; the connection goes to the address that was judged.
    lookup: (_hostname, { all }, callback) =>
      all === true ? callback(null, [{ address, family }]) : callback(null, address, family),
  };
  // Whoever imports `node:http` by its names loads all that hangs on it, `fetch` and web sockets too: not at every start.
  const { request: begin } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return await new Promise((resolve, reject) => {
    const request = begin(url, options);
    request.on('error', (cause) => reject(asOutgoing(cause, signal)));
    request.on('response', (response) => {
      (cutLonger ? collectBeginning : collect)(response, maxBytes).then(
        (octets) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: octets }),
        (cause) => reject(asOutgoing(cause, signal)),
      );
    });
    request.end(body);
  });
}

/** Stops reading, and closes the connection, with the first octet too many. */
async function collect(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new OutgoingError('too-large', `its answer is larger than ${maxBytes} bytes`);
  const announced = Number(response.headers['content-length'] ?? 0);
  if (announced > maxBytes) {
    response.destroy();
    throw tooLarge();
  }
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    size += part.length;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The first octets; what comes behind them is not read, and the connection is closed. */
async function collectBeginning(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    parts.push(part);
    size += part.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

function asOutgoing(cause: unknown, signal: AbortSignal): OutgoingError {
  if (cause instanceof OutgoingError) return cause;
  return signal.aborted ? timedOut() : new OutgoingError('unreachable', 'it cannot be reached', { cause });
}
