/** Which request an event comes from, for the traces of its deliveries: known to the process that recorded it, for a while. */
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { currentSpan, type Span } from '../kernel/tracing.ts';

export interface EventOrigins {
  /** @param span what it comes from: the work at hand, if it is not told */
  note(eventId: string, span?: Span): void;
  /** Empty for what another process recorded, or nobody traced. */
  of(eventId: string): readonly Span[];
}

const MOST_REMEMBERED = 2_000;

export function eventOrigins(): EventOrigins {
  const spans = new BoundedCache<Span>(MOST_REMEMBERED);
  return {
    note(eventId, span = currentSpan()) {
      if (span?.isRecorded === true) spans.set(eventId, span, Number.POSITIVE_INFINITY);
    },
    of(eventId) {
      const span = spans.get(eventId, 0);
      return span === undefined ? [] : [span];
    },
  };
}
