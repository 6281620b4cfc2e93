import { useEffect, useState } from 'react';
import { useSession } from './session.ts';

export interface FedEvent {
  /** Its place in the audit log. */
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly operation: string;
  readonly object: string;
}

export type FeedState = 'connecting' | 'live' | 'closed';

const KEPT = 50;

/** The last things that happened, the latest first; the browser connects again by itself, behind the last one it has. */
export function useFeed(): { readonly events: readonly FedEvent[]; readonly state: FeedState } {
  const [events, setEvents] = useState<readonly FedEvent[]>([]);
  const [state, setState] = useState<FeedState>('connecting');
  // Whoever signed in again hears again.
  const session = useSession().data?.operator?.startedAt;
  useEffect(() => {
    void session;
    const source = new EventSource('/admin/v1/events/feed');
    source.onopen = () => setState('live');
    source.onerror = () => setState(source.readyState === EventSource.CLOSED ? 'closed' : 'connecting');
    source.onmessage = ({ data, lastEventId }) => {
      const event: FedEvent = { ...JSON.parse(data), id: Number(lastEventId) };
      setEvents((before) => [event, ...before.filter(({ id }) => id !== event.id)].slice(0, KEPT));
    };
    return () => source.close();
  }, [session]);
  return { events, state };
}
