/** A webhook endpoint: where a party wants to hear of what. */
import type { EventType } from './event.ts';

/** The dialect that an endpoint was registered in decides how events are spelled for it. */
export type WebhookDialect = 'opnc' | 'opcp';

export interface WebhookEndpoint {
  readonly id: string;
  readonly dialect: WebhookDialect;
  /** The party it belongs to; absent where nobody is asked who he is. */
  readonly owner?: string;
  readonly url: string;
  /** As the request spelled them. */
  readonly enabledEvents: readonly string[];
  readonly filter: EventFilter;
  readonly description?: string;
  readonly metadata?: object;
  readonly apiVersion?: string;
  readonly enabled: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Upper case, EMAIDs without a right check digit. An empty list filters nothing; events about roots pass any filter. */
export interface EventFilter {
  readonly wmis: readonly string[];
  readonly providerIds: readonly string[];
  readonly pcids: readonly string[];
  readonly emaids: readonly string[];
}

export const noFilter: EventFilter = { wmis: [], providerIds: [], pcids: [], emaids: [] };

const factoryReset = 'prov.cert.factory.reset';
/** The lists of events that can be enabled have this, the payloads of OPCP and what is written of both have the other. */
const longFactoryReset = 'prov.cert.updated.factory.reset';

/** The type that a name means in either dialect: `emsp.` is OPNC's word for OPCP's `mo.`. */
export function eventTypeNamed(name: string, known: readonly EventType[]): EventType | undefined {
  const inOpcp = name.replace(/^emsp\./, 'mo.').replace(longFactoryReset, factoryReset);
  return known.find((type) => type === inOpcp);
}

/** The `eventType` that an endpoint is sent. */
export function eventNameFor(
  type: EventType,
  { dialect, enabledEvents }: Pick<WebhookEndpoint, 'dialect' | 'enabledEvents'>,
) {
  if (dialect === 'opcp') return type;
  const name = type.replace(/^mo\./, 'emsp.');
  const long = name.replace(factoryReset, longFactoryReset);
  return long !== name && enabledEvents.some((enabled) => enabled.endsWith(longFactoryReset)) ? long : name;
}
