/** Webhook endpoints and deliveries of all parties, for operators. */

import { deliveryQuery } from '../../dialects/webhook-endpoint-routes.ts';
import {
  DeliveriesQuery,
  DeliveryList,
  DeliveryShape,
  deliveryAnswer,
  Endpoint,
  EndpointPath,
  endpointAnswer,
  TestEvent,
} from '../../dialects/webhook-shapes.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';

const EndpointOfParty = Type.Object({
  ...Endpoint.properties,
  dialect: Type.String(),
  party: Type.Optional(Type.String()),
});
const AllDeliveriesQuery = Type.Object({
  ...DeliveriesQuery.properties,
  endpointId: Type.Optional(Type.String({ maxLength: 36 })),
});

export function webhookAdminRoutes({ deliveries, webhooks }: Pick<Ecosystem, 'deliveries' | 'webhooks'>): Route[] {
  return [
    route('GET', '/admin/v1/webhooks/endpoints', {
      operation: 'adminListWebhookEndpoints',
      summary: 'Lists the webhook endpoints of all parties',
      answers: { 200: Type.Object({ endpoints: Type.Array(EndpointOfParty) }) },
      handle: async () => {
        const endpoints = (await deliveries.endpoints()).map((endpoint) => ({
          ...endpointAnswer(endpoint),
          dialect: endpoint.dialect,
          ...(endpoint.owner !== undefined && { party: endpoint.owner }),
        }));
        return { status: 200, body: { endpoints } };
      },
    }),

    route('POST', '/admin/v1/webhooks/endpoints/:id/test', {
      operation: 'adminTestWebhookEndpoint',
      summary: 'Sends a test event to an endpoint of any party',
      params: EndpointPath,
      answers: { 202: TestEvent },
      refusals: ['endpoint-not-found', 'field-invalid'],
      handle: async ({ params: { id } }) => {
        const endpoint = (await deliveries.endpoints()).find((each) => each.id === id);
        if (endpoint === undefined) throw refuse('endpoint-not-found');
        const { dialect, owner } = endpoint;
        const eventId = await webhooks.test({ dialect, ...(owner !== undefined && { owner }) }, id);
        return { status: 202, body: { eventId } };
      },
    }),

    route('GET', '/admin/v1/webhooks/deliveries', {
      operation: 'adminListWebhookDeliveries',
      summary: 'Lists the latest deliveries to all endpoints, with their last answers',
      query: AllDeliveriesQuery,
      answers: { 200: DeliveryList },
      handle: async ({ query: { endpointId, ...query } }) => {
        const found = await deliveries.list({
          ...deliveryQuery(query),
          ...(endpointId !== undefined && { endpointId }),
        });
        return { status: 200, body: { deliveries: found.map(deliveryAnswer) } };
      },
    }),

    route('POST', '/admin/v1/webhooks/deliveries/:id/replay', {
      operation: 'adminReplayWebhookDelivery',
      summary: 'Sends an event again, with the same id',
      params: EndpointPath,
      answers: { 202: DeliveryShape },
      refusals: ['delivery-not-found'],
      handle: async ({ params }) => ({ status: 202, body: deliveryAnswer(await deliveries.replay(params.id)) }),
    }),
  ];
}
