/**
 * Traces by OpenTelemetry. Loaded only when it is configured: the libraries cost a start 80 ms and 11 MB. Nothing is registered
 * globally, so a process can have several of these, and no other library begins to trace.
 */
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  type Link,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type ExportResult, ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  detectResources,
  envDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { DomainError } from '../kernel/domain-error.ts';
import type { BeginOptions, Span, SpanAttributes, SpanOptions, Tracing } from '../kernel/tracing.ts';
import { withoutPersonalData } from './personal-data.ts';
import type { TracingSettings } from './tracing-settings.ts';

export interface TracingNeeds {
  /** Of this program. */
  readonly version: string;
  /** Hears of spans that could not be sent, once a minute at most. */
  readonly lost: (spans: number, error: Error | undefined) => void;
}

/** Spans that wait; what comes when there are more is dropped. */
const MOST_WAITING = 8_192;
/** The end of the process waits no longer for a collector. */
const CLOSING_MS = 2_000;
const LONGEST_ATTRIBUTE = 2_000;

export async function startTracing(settings: TracingSettings, { version, lost }: TracingNeeds): Promise<Tracing> {
  const provider = new TracerProvider({
    resource: resourceOf(settings.serviceName, version),
    sampler: samplerOf(settings),
    spanLimits: { attributeValueLengthLimit: LONGEST_ATTRIBUTE },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: watched(await exporterOf(settings), lost),
        scheduledDelayMillis: settings.delayMs,
        maxQueueSize: MOST_WAITING,
      }),
    ],
  });
  const tracer = provider.getTracer('plugpool', version);
  return {
    begin: (name, options = {}) => begun(tracer, name, options),
    async close() {
      const over = new AbortController();
      const sent = provider.shutdown().catch(() => undefined);
      await Promise.race([sent, wait(CLOSING_MS, undefined, { signal: over.signal }).catch(() => undefined)]);
      over.abort();
    },
  };
}

/** The environment's `OTEL_RESOURCE_ATTRIBUTES` count before what we say of ourselves. */
function resourceOf(serviceName: string | undefined, version: string) {
  const ours = resourceFromAttributes({ 'service.name': 'plugpool', 'service.version': version });
  const told = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] });
  const named = resourceFromAttributes(serviceName === undefined ? {} : { 'service.name': serviceName });
  return ours.merge(told).merge(named);
}

function samplerOf({ sampler, ratio }: TracingSettings): Sampler {
  const [, parentBased, name] = /^(parentbased_)?(.+)$/.exec(sampler) ?? [];
  const root =
    name === 'always_on'
      ? new AlwaysOnSampler()
      : name === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(ratio);
  return parentBased === undefined ? root : new ParentBasedSampler({ root });
}

/** Headers, time limit, compression and certificates are its own to read from the environment. */
async function exporterOf({ url, protocol }: TracingSettings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({ url });
}

const TOLD_EVERY_MS = 60_000;

function watched(exporter: SpanExporter, lost: TracingNeeds['lost']): SpanExporter {
  let untold = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans: ReadableSpan[], done: (result: ExportResult) => void) {
      exporter.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) {
          untold += spans.length;
          if (performance.now() - toldAt >= TOLD_EVERY_MS) {
            lost(untold, result.error);
            toldAt = performance.now();
            untold = 0;
          }
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

const propagator = new W3CTraceContextPropagator();
const kinds = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

function begun(tracer: Tracer, name: string, { headers, ...options }: BeginOptions): Span {
  const caller = headers === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
  // One clock for all of a trace: the steps of the machine's own would put parts before their whole.
  const clock = { tracer, epoch: Date.now() - performance.now() };
  return started(clock, name, options, caller);
}

interface TraceClock {
  readonly tracer: Tracer;
  /** When the process's own clock was at zero. */
  readonly epoch: number;
}

function started(clock: TraceClock, name: string, options: SpanOptions, parent: Context): Span {
  const { tracer, epoch } = clock;
  const now = () => epoch + performance.now();
  const { kind = 'internal', attributes = {}, millisecondsAgo = 0, links = [] } = options;
  const span = tracer.startSpan(
    withoutPersonalData(name),
    { kind: kinds[kind], startTime: now() - millisecondsAgo, links: links.map(linkTo) },
    parent,
  );
  // Most are not recorded where a part of the traces is kept: nothing is put together for those.
  if (span.isRecording()) span.setAttributes(told(attributes));
  const context = trace.setSpan(parent, span);
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    isRecorded: span.isRecording(),
    headers() {
      const carrier: Record<string, string> = {};
      propagator.inject(context, carrier, defaultTextMapSetter);
      return carrier;
    },
    child: (childName, childOptions = {}) => started(clock, childName, childOptions, context),
    set(more) {
      if (span.isRecording()) span.setAttributes(told(more));
    },
    end(failure) {
      if (failure !== undefined && span.isRecording()) fail(span, failure);
      span.end(now());
    },
  };
}

function linkTo({ traceId, spanId, isRecorded }: Span): Link {
  return { context: { traceId, spanId, traceFlags: isRecorded ? 1 : 0 } };
}

/** Without the message, which may quote whom it is about; the log has it, under the same trace. */
function fail(span: OtelSpan, failure: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttributes(told({ 'error.type': nameOf(failure) }));
}

function nameOf(failure: unknown): string {
  if (failure instanceof DomainError) return failure.kind;
  if (!(failure instanceof Error)) return String(failure);
  return 'code' in failure && typeof failure.code === 'string' ? failure.code : failure.name;
}

/** Names of ours, as long and as odd as they are, and texts without values. */
const OURS: ReadonlySet<string> = new Set(['http.route', 'plugpool.operation', 'plugpool.request_id', 'db.query.text']);

/** As in the log, and for the same reason: what is sent names nobody, whoever wrote it. */
function told(attributes: SpanAttributes): Attributes {
  const entries = Object.entries(attributes);
  return Object.fromEntries(
    entries.map(([name, value]) => {
      return [name, typeof value === 'string' && !OURS.has(name) ? withoutPersonalData(value) : value];
    }),
  );
}
