/** The operations on webhook endpoints, which both dialects have under paths and names of their own. */
import type { Static } from 'typebox';
import type { Ecosystem } from '../ecosystem.ts';
import { deliveryStates } from '../events/delivery/delivery.ts';
import type { DeliveryQuery } from '../events/delivery/webhook-deliveries.ts';
import type { WebhookDialect } from '../events/webhook-endpoint.ts';
import { type Route, route } from '../http/route.ts';
import { refuse } from '../kernel/domain-error.ts';
import {
  ChangedEndpointBody,
  DeliveriesQuery,
  DeliveryList,
  DeliveryShape,
  deliveryAnswer,
  Endpoint,
  EndpointDeliveryPath,
  EndpointList,
  EndpointPath,
  EndpointWithSecret,
  endpointAnswer,
  endpointChanges,
  NewEndpointBody,
  RotationQuery,
  TestEvent,
} from './webhook-shapes.ts';

interface Spelling {
  readonly dialect: WebhookDialect;
  /** The path of all endpoints. */
  readonly path: string;
  /** What the reference calls the operations that it has. */
  readonly operations: Readonly<Record<'create' | 'list' | 'get' | 'change' | 'remove', string>>;
}

const DELIVERIES_SHOWN = 100;
const OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;

export function webhookEndpointRoutes({ webhooks, deliveries }: Ecosystem, spelling: Spelling): Route[] {
  const { path, operations, dialect } = spelling;
  const callerOf = (party: string | undefined) => ({ dialect, ...(party !== undefined && { owner: party }) });
  return [
    route('POST', path, {
      operation: operations.create,
      summary: 'Registers a webhook endpoint; only this answer has its secret',
      body: NewEndpointBody,
      answers: { 201: EndpointWithSecret },
      refusals: ['field-missing', 'field-invalid'],
      handle: async ({ party, body }) => {
        const { secret, ...endpoint } = await webhooks.create(callerOf(party), endpointChanges(body));
        return { status: 201, body: { ...endpointAnswer(endpoint), secret } };
      },
    }),

    route('GET', path, {
      operation: operations.list,
      summary: 'Lists the webhook endpoints',
      answers: { 200: EndpointList },
      handle: async ({ party }) => ({ status: 200, body: (await webhooks.list(callerOf(party))).map(endpointAnswer) }),
    }),

    route('GET', `${path}/:id`, {
      operation: operations.get,
      summary: 'Gets a webhook endpoint',
      params: EndpointPath,
      answers: { 200: Endpoint },
      refusals: ['endpoint-not-found'],
      handle: async ({ party, params }) => ({
        status: 200,
        body: endpointAnswer(await webhooks.get(callerOf(party), params.id)),
      }),
    }),

    route('PUT', `${path}/:id`, {
      operation: operations.change,
      summary: 'Changes a webhook endpoint; what is left out stays as it is',
      params: EndpointPath,
      body: ChangedEndpointBody,
      answers: { 200: Endpoint },
      refusals: ['endpoint-not-found', 'field-invalid'],
      handle: async ({ party, params, body }) => {
        return {
          status: 200,
          body: endpointAnswer(await webhooks.change(callerOf(party), params.id, endpointChanges(body))),
        };
      },
    }),

    route('DELETE', `${path}/:id`, {
      operation: operations.remove,
      summary: 'Removes a webhook endpoint, and what was waiting for it',
      params: EndpointPath,
      answers: { 200: null },
      refusals: ['endpoint-not-found'],
      handle: async ({ party, params }) => {
        await webhooks.remove(callerOf(party), params.id);
        return { status: 200 };
      },
    }),

    // What follows is ours.
    route('POST', `${path}/:id/secret`, {
      operation: 'rotateWebhookSecret',
      summary:
        'Gives a webhook endpoint a new secret; only this answer has it. The one before signs besides it for a while',
      params: EndpointPath,
      query: RotationQuery,
      answers: { 200: EndpointWithSecret },
      refusals: ['endpoint-not-found'],
      handle: async ({ party, params, query }) => {
        const overlapMs = Number(query.overlapHours ?? OVERLAP_HOURS) * HOUR_MS;
        const { secret, ...endpoint } = await webhooks.rotate(callerOf(party), params.id, overlapMs);
        return { status: 200, body: { ...endpointAnswer(endpoint), secret } };
      },
    }),

    route('POST', `${path}/:id/test`, {
      operation: 'testWebhookEndpoint',
      summary: 'Sends a webhook.test event to the endpoint',
      params: EndpointPath,
      answers: { 202: TestEvent },
      refusals: ['endpoint-not-found', 'field-invalid'],
      handle: async ({ party, params }) => ({
        status: 202,
        body: { eventId: await webhooks.test(callerOf(party), params.id) },
      }),
    }),

    route('GET', `${path}/:id/deliveries`, {
      operation: 'listWebhookDeliveries',
      summary: 'Lists the latest deliveries to the endpoint, with their last answers',
      params: EndpointPath,
      query: DeliveriesQuery,
      answers: { 200: DeliveryList },
      refusals: ['endpoint-not-found'],
      handle: async ({ party, params, query }) => {
        const { id: endpointId } = await webhooks.get(callerOf(party), params.id);
        const found = await deliveries.list({ ...deliveryQuery(query), endpointId });
        return { status: 200, body: { deliveries: found.map(deliveryAnswer) } };
      },
    }),

    route('POST', `${path}/:id/deliveries/:deliveryId/replay`, {
      operation: 'replayWebhookDelivery',
      summary: 'Sends an event again, with the same id',
      params: EndpointDeliveryPath,
      answers: { 202: DeliveryShape },
      refusals: ['endpoint-not-found', 'delivery-not-found'],
      handle: async ({ party, params }) => {
        const { id: endpointId } = await webhooks.get(callerOf(party), params.id);
        const delivery = await deliveries.get(params.deliveryId);
        if (delivery.endpointId !== endpointId) throw refuse('delivery-not-found');
        return { status: 202, body: deliveryAnswer(await deliveries.replay(delivery.id)) };
      },
    }),
  ];
}

export function deliveryQuery({ state, eventId, limit }: Static<typeof DeliveriesQuery>): DeliveryQuery {
  const known = deliveryStates.find((each) => each === state);
  return {
    ...(known !== undefined && { state: known }),
    ...(eventId !== undefined && { eventId }),
    limit: limit === undefined ? DELIVERIES_SHOWN : Number(limit),
  };
}
