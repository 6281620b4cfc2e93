/** OPCP 1.0: webhook endpoints. */
import type { Ecosystem } from '../../ecosystem.ts';
import type { Route } from '../../http/route.ts';
import { webhookEndpointRoutes } from '../webhook-endpoint-routes.ts';

export function webhookRoutes(ecosystem: Ecosystem): Route[] {
  return webhookEndpointRoutes(ecosystem, {
    dialect: 'opcp',
    path: '/v1/webhook/endpoints',
    operations: {
      create: 'create-webhook-endpoint',
      list: 'get-webhook-endpoints',
      get: 'get-webhook-endpoint',
      change: 'update-webhook-endpoint',
      remove: 'delete-webhook-endpoint',
    },
  });
}
