/** What happens, as it happens: the audit log in its order, as server-sent events (HTML, "Server-sent events"). */
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyPluginAsync } from 'fastify';
import type { AuditedEvent } from '../../access/audit-sequence.ts';
import { refuse } from '../../kernel/domain-error.ts';

export interface FeedParts {
  /** 0 while there is nothing. */
  readonly last: () => Promise<number>;
  readonly behind: (position: number, limit: number) => Promise<AuditedEvent[]>;
}

export interface FeedTimes {
  readonly lookMs: number;
  readonly heartbeatMs: number;
  /** After it the stream ends, and who listens asks again with what lets him in. */
  readonly longestMs: number;
}

const usualTimes: FeedTimes = { lookMs: 1_000, heartbeatMs: 15_000, longestMs: 15 * 60_000 };
const SHOWN_BEFORE = 20;
const ROWS_AT_ONCE = 100;
const MOST_LISTENERS = 100;
const PATH = '/admin/v1/events/feed';

/**
 * `Last-Event-ID` is the place in the audit log behind which to begin; without it, a few rows before its end. Rows are
 * read when a listener has room for them, so one that is slow costs no memory. Ends when the server closes.
 */
export function feedRoutes({ last, behind }: FeedParts, times = usualTimes): FastifyPluginAsync {
  return async (app) => {
    const closing = new AbortController();
    let listeners = 0;
    app.addHook('preClose', async () => closing.abort());

    app.get(PATH, { exposeHeadRoute: false }, async (request, reply) => {
      if (listeners >= MOST_LISTENERS) throw refuse('too-many-requests');
      const from = positionIn(request.headers['last-event-id']) ?? Math.max(0, (await last()) - SHOWN_BEFORE);
      const ended = new AbortController();
      const signal = AbortSignal.any([closing.signal, ended.signal]);
      const stream = Readable.from(feed({ behind, from, times, signal }), { objectMode: false });
      listeners += 1;
      // Not when the stream is closed: that waits for the feed, which waits for this.
      reply.raw.once('close', () => {
        listeners -= 1;
        ended.abort();
      });
      return reply
        .headers({
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          // Proxies that collect answers before they pass them on pass this one on.
          'x-accel-buffering': 'no',
        })
        .send(stream);
    });
  };
}

interface Feed {
  readonly behind: FeedParts['behind'];
  readonly from: number;
  readonly times: FeedTimes;
  readonly signal: AbortSignal;
}

async function* feed({ behind, from, times, signal }: Feed): AsyncGenerator<string> {
  // Said at once, so that the listener knows that it is connected.
  yield `retry: ${times.lookMs}\n\n`;
  const started = performance.now();
  let position = from;
  let said = started;
  while (!signal.aborted && performance.now() - started < times.longestMs) {
    const events = await behind(position, ROWS_AT_ONCE);
    if (events.length > 0) {
      position = events.at(-1)?.position ?? position;
      said = performance.now();
      yield events.map(written).join('');
    } else if (performance.now() - said >= times.heartbeatMs) {
      said = performance.now();
      yield ': still here\n\n';
    }
    if (events.length < ROWS_AT_ONCE) await pause(times.lookMs, signal);
  }
}

function written({ position, at, ...event }: AuditedEvent): string {
  return `id: ${position}\ndata: ${JSON.stringify({ at: new Date(at).toISOString(), ...event })}\n\n`;
}

/** Throws `field-invalid`. */
function positionIn(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const text = String(header);
  if (!/^\d{1,15}$/.test(text))
    throw refuse('field-invalid', 'Last-Event-ID', 'must be the id of an event of this feed');
  return Number(text);
}

/** Ends early, and not in an error, when the signal is given. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch((error) => {
    if (!signal.aborted) throw error;
  });
}
