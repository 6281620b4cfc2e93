/** Who may hear what: the one place where an event meets an endpoint. */

import { type EventType, eventTypes } from './event.ts';
import type { EventFilter, WebhookEndpoint } from './webhook-endpoint.ts';
import { eventTypeNamed } from './webhook-endpoint.ts';

/** What an event is known by when it is decided who hears of it. */
export interface HeardEvent {
  readonly type: EventType;
  readonly wmi: string | null;
  readonly providerId: string | null;
  readonly pcid: string | null;
  readonly emaid: string | null;
}

/** What the party behind an endpoint may hear of; `everything` where nobody is asked who he is. */
export type HearingRights =
  | 'everything'
  | {
      /** `oem.*` of these. */
      readonly wmis: readonly string[];
      /** `mo.*` of these. */
      readonly providerIds: readonly string[];
    };

/** Whether an endpoint enabled an event, its filter lets it pass, and its owner may hear of it. */
export function hearing(endpoint: WebhookEndpoint, rights: HearingRights): (event: HeardEvent) => boolean {
  if (!endpoint.enabled) return () => false;
  const enabled = new Set(endpoint.enabledEvents.map((name) => eventTypeNamed(name, eventTypes)));
  return (event) => enabled.has(event.type) && passes(endpoint.filter, event) && mayHear(event, rights);
}

function mayHear({ type, wmi, providerId }: HeardEvent, rights: HearingRights): boolean {
  if (rights === 'everything' || type.startsWith('root.')) return true;
  return type.startsWith('oem.')
    ? wmi !== null && rights.wmis.includes(wmi)
    : providerId !== null && rights.providerIds.includes(providerId);
}

function passes(filter: EventFilter, { type, wmi, providerId, pcid, emaid }: HeardEvent): boolean {
  if (type.startsWith('root.')) return true;
  const fits = (wanted: readonly string[], value: string | null) =>
    wanted.length === 0 || (value !== null && wanted.includes(value));
  return (
    fits(filter.wmis, wmi) &&
    fits(filter.providerIds, providerId) &&
    fits(filter.pcids, pcid) &&
    fits(filter.emaids, emaid)
  );
}
