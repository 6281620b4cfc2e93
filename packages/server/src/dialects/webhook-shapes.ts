/** Webhook endpoints as both dialects spell them: requests, answers, and the way between them and the room. */
import { IdentifierError, parseEmaid, parsePcid, parseProviderId, parseWmi } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { Delivery } from '../events/delivery/delivery.ts';
import type { EventFilter, WebhookEndpoint } from '../events/webhook-endpoint.ts';
import type { EndpointChanges } from '../events/webhook-endpoints.ts';
import { Type } from '../http/schema-builders.ts';
import { refuse } from '../kernel/domain-error.ts';

const Names = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 });
const Identifiers = Type.Array(Type.String({ maxLength: 40 }), { maxItems: 1000 });

const common = {
  url: Type.String({ maxLength: 2048 }),
  status: Type.Optional(Type.String({ pattern: '^(enabled|disabled)$' })),
  description: Type.Optional(Type.String({ maxLength: 1000 })),
  metadata: Type.Optional(Type.Object({})),
  apiVersion: Type.Optional(Type.String({ maxLength: 20 })),
  // The reference of the OPNC has `wmi` in its requests and `wmis` in its answers.
  wmi: Type.Optional(Identifiers),
  wmis: Type.Optional(Identifiers),
  // From here on ours: what a filter can be besides.
  providerIds: Type.Optional(Identifiers),
  pcids: Type.Optional(Identifiers),
  pcid: Type.Optional(Type.String()),
  emaids: Type.Optional(Identifiers),
  emaid: Type.Optional(Type.String()),
};

export const NewEndpointBody = Type.Object({ ...common, enabledEvents: Names });
/** One name where the OPNC's reference has it so. */
export const ChangedEndpointBody = Type.Object({
  ...common,
  enabledEvents: Type.Optional(Type.Union([Names, Type.String({ maxLength: 100 })])),
});
export const EndpointPath = Type.Object({ id: Type.String() });
export const EndpointDeliveryPath = Type.Object({ id: Type.String(), deliveryId: Type.String() });
export const DeliveriesQuery = Type.Object({
  state: Type.Optional(Type.String({ pattern: '^(pending|delivered|rejected|failed)$' })),
  eventId: Type.Optional(Type.String({ maxLength: 36 })),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
});

/** At most a week. */
export const RotationQuery = Type.Object({
  overlapHours: Type.Optional(Type.String({ pattern: '^(\\d|[1-9]\\d|1[0-5]\\d|16[0-8])$' })),
});

const endpointFields = {
  id: Type.String(),
  apiVersion: Type.String(),
  created: Type.Integer({ description: 'Unix time in seconds' }),
  description: Type.Optional(Type.String()),
  enabledEvents: Type.Array(Type.String()),
  metadata: Type.Object({}),
  status: Type.String(),
  url: Type.String(),
  wmi: Type.Optional(Type.Array(Type.String())),
  wmis: Type.Optional(Type.Array(Type.String())),
  providerIds: Type.Optional(Type.Array(Type.String())),
  pcids: Type.Optional(Type.Array(Type.String())),
  emaids: Type.Optional(Type.Array(Type.String())),
};
export const Endpoint = Type.Object(endpointFields);
export const EndpointWithSecret = Type.Object({ ...endpointFields, secret: Type.String() });
export const EndpointList = Type.Array(Endpoint);
export const TestEvent = Type.Object({ eventId: Type.String() });

export const DeliveryShape = Type.Object({
  id: Type.String(),
  endpointId: Type.String(),
  eventId: Type.String(),
  eventType: Type.String(),
  url: Type.String(),
  state: Type.String(),
  attempts: Type.Integer(),
  createdAt: Type.String(),
  nextAttemptAt: Type.Optional(Type.String()),
  lastAttemptAt: Type.Optional(Type.String()),
  lastStatus: Type.Optional(Type.Integer()),
  lastAnswer: Type.Optional(Type.String()),
});
export const DeliveryList = Type.Object({ deliveries: Type.Array(DeliveryShape) });

const LARGEST_METADATA = 16_384;

/** What a request says. Throws `field-invalid` for identifiers that are none. */
export function endpointChanges(body: Static<typeof ChangedEndpointBody>): EndpointChanges {
  const { url, status, description, metadata, apiVersion, enabledEvents } = body;
  if (metadata !== undefined && JSON.stringify(metadata).length > LARGEST_METADATA) {
    throw refuse('field-invalid', 'metadata', `is longer than ${LARGEST_METADATA} characters`);
  }
  return {
    url,
    ...(enabledEvents !== undefined && { enabledEvents: [enabledEvents].flat() }),
    ...(status !== undefined && { enabled: status === 'enabled' }),
    ...(description !== undefined && { description }),
    ...(metadata !== undefined && { metadata }),
    ...(apiVersion !== undefined && { apiVersion }),
    filter: filterIn(body),
  };
}

function filterIn({ wmi, wmis = wmi, ...body }: Static<typeof ChangedEndpointBody>): Partial<EventFilter> {
  const pcids = together(body.pcids, body.pcid);
  const emaids = together(body.emaids, body.emaid);
  return {
    ...(wmis && { wmis: identifiers(wmis, wmi === wmis ? 'wmi' : 'wmis', parseWmi) }),
    ...(body.providerIds && { providerIds: identifiers(body.providerIds, 'providerIds', parseProviderId) }),
    ...(pcids && { pcids: identifiers(pcids, body.pcids ? 'pcids' : 'pcid', parsePcid) }),
    ...(emaids && { emaids: identifiers(emaids, body.emaids ? 'emaids' : 'emaid', parseEmaid) }),
  };
}

function together(several: readonly string[] | undefined, one: string | undefined): readonly string[] | undefined {
  return one === undefined ? several : [...(several ?? []), one];
}

function identifiers(texts: readonly string[], field: string, parse: (text: string) => string): string[] {
  try {
    return [...new Set(texts.map(parse))];
  } catch (error) {
    if (error instanceof IdentifierError) throw refuse('field-invalid', field, error.message);
    throw error;
  }
}

export function endpointAnswer(endpoint: WebhookEndpoint): Static<typeof Endpoint> {
  const { dialect, filter, description } = endpoint;
  const { wmis, providerIds, pcids, emaids } = filter;
  return {
    id: endpoint.id,
    apiVersion: endpoint.apiVersion ?? 'v1',
    created: Math.floor(endpoint.createdAt / 1000),
    ...(description !== undefined && { description }),
    enabledEvents: [...endpoint.enabledEvents],
    ...(dialect === 'opnc' && wmis.length > 0 && { wmi: [...wmis] }),
    ...(wmis.length > 0 && { wmis: [...wmis] }),
    ...(providerIds.length > 0 && { providerIds: [...providerIds] }),
    ...(pcids.length > 0 && { pcids: [...pcids] }),
    ...(emaids.length > 0 && { emaids: [...emaids] }),
    metadata: endpoint.metadata ?? {},
    status: endpoint.enabled ? 'enabled' : 'disabled',
    url: endpoint.url,
  };
}

export function deliveryAnswer(delivery: Delivery): Static<typeof DeliveryShape> {
  const { nextAttemptAt, createdAt, lastAttemptAt, ...rest } = delivery;
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    ...rest,
    createdAt: time(createdAt),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: time(nextAttemptAt) }),
    ...(lastAttemptAt !== undefined && { lastAttemptAt: time(lastAttemptAt) }),
  };
}
