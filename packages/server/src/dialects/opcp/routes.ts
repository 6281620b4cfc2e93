/** The OPCP 1.0 dialect; its paths carry their version themselves. */
import type { Ecosystem } from '../../ecosystem.ts';
import type { Route } from '../../http/route.ts';
import { factoryResetRoute } from '../factory-reset.ts';
import { contractPoolRoutes, provisioningServiceRoutes } from './contract-routes.ts';
import { poolRoutes } from './pool-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

export function opcpRoutes(ecosystem: Ecosystem): Route[] {
  return [
    ...poolRoutes(ecosystem),
    ...provisioningServiceRoutes(ecosystem),
    ...contractPoolRoutes(ecosystem),
    ...webhookRoutes(ecosystem),
    factoryResetRoute(ecosystem, 'deleteContracts', '/v1/oem/provCerts/:pcid/contracts'),
  ];
}
