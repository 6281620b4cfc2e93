/** A receiver of traces as an OpenTelemetry collector is one: OTLP over HTTP, on a port of its own. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import type { TracingSettings } from '../src/observe/tracing-settings.ts';
import { at, list } from './dialects.ts';

export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where the trace begins. */
  readonly parentSpanId: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Traces that it is linked to. */
  readonly links: readonly string[];
  readonly failed: boolean;
  /** Nanoseconds. */
  readonly start: bigint;
  readonly end: bigint;
  readonly service: string;
}

export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Collector {
  readonly url: string;
  readonly posted: readonly Posted[];
  /** What has come as JSON so far. */
  spans(): CollectedSpan[];
  /** For a server that sends its spans here, soon and readable. */
  settings(more?: Partial<TracingSettings>): { readonly tracing: TracingSettings };
}

interface CollectorOptions {
  readonly status?: number;
  /** Takes everything and answers nothing. */
  readonly silent?: boolean;
  /** When it is closed: `afterAll`, or when the test has finished. */
  readonly until?: (close: () => Promise<void>) => void;
}

export async function startCollector(options: CollectorOptions = {}): Promise<Collector> {
  const { status = 200, silent = false, until = onTestFinished } = options;
  const posted: Posted[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    posted.push({ path: request.url ?? '', headers: request.headers, body });
    if (!silent) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  until(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return {
    url,
    posted,
    spans: () => posted.flatMap(({ body }) => spansIn(JSON.parse(body.toString('utf8')))),
    settings: (more) => ({ tracing: tracingTo(`${url}/v1/traces`, more) }),
  };
}

export function tracingTo(url: string, more: Partial<TracingSettings> = {}): TracingSettings {
  return { url, protocol: 'http/json', sampler: 'parentbased_always_on', ratio: 1, delayMs: 50, ...more };
}

function spansIn(request: unknown): CollectedSpan[] {
  return list(at(request, 'resourceSpans')).flatMap((resource) => {
    const service = String(attributesOf(at(resource, 'resource'))['service.name']);
    const scopes = list(at(resource, 'scopeSpans'));
    return scopes.flatMap((scope) => list(at(scope, 'spans'))).map((span) => spanOf(span, service));
  });
}

function spanOf(span: unknown, service: string): CollectedSpan {
  const text = (name: string) => String(at(span, name) ?? '');
  return {
    traceId: text('traceId'),
    spanId: text('spanId'),
    parentSpanId: text('parentSpanId'),
    name: text('name'),
    kind: Number(at(span, 'kind')),
    attributes: attributesOf(span),
    links: list(at(span, 'links') ?? []).map((link) => String(at(link, 'traceId'))),
    failed: at(span, 'status', 'code') === 2,
    start: BigInt(text('startTimeUnixNano')),
    end: BigInt(text('endTimeUnixNano')),
    service,
  };
}

function attributesOf(of: unknown): Record<string, unknown> {
  const entries = list(at(of, 'attributes') ?? []);
  return Object.fromEntries(
    entries.map((entry) => [String(at(entry, 'key')), Object.values(Object(at(entry, 'value')))[0]]),
  );
}

/** Those directly below, in the order in which they began. */
export function childrenOf(spans: readonly CollectedSpan[], { traceId, spanId }: CollectedSpan): CollectedSpan[] {
  return spans
    .filter((span) => span.traceId === traceId && span.parentSpanId === spanId)
    .sort((a, b) => Number(a.start - b.start));
}

/** The one of that name, in that trace where one is told. Throws where it is not there, or not alone. */
export function theSpan(spans: readonly CollectedSpan[], name: string, traceId?: string): CollectedSpan {
  const found = spans.filter((span) => span.name === name && (traceId === undefined || span.traceId === traceId));
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} spans are called "${name}"`);
  return first;
}
