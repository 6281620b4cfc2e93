/** The OPNC dialect under `/opnc/v1`. */
import type { Ecosystem } from '../../ecosystem.ts';
import type { Route } from '../../http/route.ts';
import { factoryResetRoute } from '../factory-reset.ts';
import { contractPoolRoutes, provisioningServiceRoutes } from './contract-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { poolRoutes } from './pool-routes.ts';
import { revocationRoutes } from './revocation-routes.ts';

export const OPNC_PREFIX = '/opnc/v1';

export function opncRoutes(ecosystem: Ecosystem): Route[] {
  return [
    ...poolRoutes(ecosystem),
    ...provisioningServiceRoutes(ecosystem),
    ...contractPoolRoutes(ecosystem),
    ...revocationRoutes(ecosystem),
    ...eventRoutes(ecosystem),
    factoryResetRoute(ecosystem, 'deleteContractsV1', '/pcp/provisioningcertificates/:pcid/contracts'),
  ];
}
