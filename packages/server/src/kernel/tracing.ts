/**
 * The port through which work becomes spans of a trace. The span at hand goes along with the work, so that rooms need not
 * hand it on; where nobody traces, there is none, and all of this is one look for it. What is behind the port is in
 * `observe/opentelemetry.ts`.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** `server` answers somebody, `client` asks another process; `internal` unless told otherwise. */
  readonly kind?: 'internal' | 'server' | 'client';
  /** Whatever identifies persons is shortened as in the log. */
  readonly attributes?: SpanAttributes;
  /** How long ago it began, for what is known only when it is over. */
  readonly millisecondsAgo?: number;
  /** What it follows from without being a part of it. */
  readonly links?: readonly Span[];
}

export interface Span {
  /** 32 lower case hex digits. */
  readonly traceId: string;
  /** 16 lower case hex digits. */
  readonly spanId: string;
  /** False where the sampler decided against the trace; it is handed on all the same. */
  readonly isRecorded: boolean;
  /** What hands the trace on to whoever is called: `traceparent`, and `tracestate` where there is one (W3C Trace Context). */
  headers(): Readonly<Record<string, string>>;
  child(name: string, options?: SpanOptions): Span;
  set(attributes: SpanAttributes): void;
  /** @param failure an error, or a short name of what went wrong; left out when all is well */
  end(failure?: unknown): void;
}

export interface BeginOptions extends SpanOptions {
  /** Of a caller who may have begun the trace. */
  readonly headers?: IncomingHttpHeaders;
  /** One span for all of it, however much is done. */
  readonly whole?: boolean;
}

export interface Tracing {
  /** A new trace, or the next part of the caller's. */
  begin(name: string, options?: BeginOptions): Span;
  /** Sends what is there, within a bound. */
  close(): Promise<void>;
}

const spans = new AsyncLocalStorage<Span | undefined>();

/** The span of the work at hand. */
export function currentSpan(): Span | undefined {
  return spans.getStore();
}

/** Work that belongs to the span, or to none. */
export function inSpan<T>(span: Span | undefined, work: () => T): T {
  return span === spans.getStore() ? work() : spans.run(span, work);
}

/** Work as a span of the trace at hand. Promises are waited for; what they fail with, or the work throws, the span has too. */
export function traced<T>(name: string, options: SpanOptions, work: (span?: Span) => T): T {
  const parent = spans.getStore();
  if (parent?.isRecorded !== true) return work();
  return spanned(parent.child(name, options), work);
}

/** Work that nobody asked for, as a trace of its own. */
export function asTrace<T>(tracing: Tracing | undefined, name: string, options: BeginOptions, work: () => T): T {
  if (tracing === undefined) return work();
  const span = tracing.begin(name, options);
  return spanned(span, options.whole === true ? () => spans.run({ ...span, isRecorded: false }, work) : work);
}

function spanned<T>(span: Span, work: (span: Span) => T): T {
  try {
    const result = spans.run(span, work, span);
    if (result instanceof Promise) {
      result.then(
        () => span.end(),
        (error: unknown) => span.end(error),
      );
    } else {
      span.end();
    }
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
