/** OPNC: the event API. */
import type { Ecosystem } from '../../ecosystem.ts';
import type { Route } from '../../http/route.ts';
import { webhookEndpointRoutes } from '../webhook-endpoint-routes.ts';

export function eventRoutes(ecosystem: Ecosystem): Route[] {
  return webhookEndpointRoutes(ecosystem, {
    dialect: 'opnc',
    path: '/event/endpoints',
    operations: {
      create: 'postEndpointV1',
      list: 'get-webhook-endpoints',
      get: 'getEndpointByIdV1',
      change: 'updateEndpointByIdV1',
      remove: 'deleteEndpointByIdV1',
    },
  });
}
