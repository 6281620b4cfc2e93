/** All that is served, over one port. */
import type { FastifyInstance } from 'fastify';
import type { Access } from '../access/access.ts';
import { verifyChain } from '../access/audit-chain.ts';
import { type AuditFilter, readAudit } from '../access/audit-reading.ts';
import { auditBehind, lastPosition } from '../access/audit-sequence.ts';
import type { Operators } from '../access/operators/operators.ts';
import { opcpRoutes } from '../dialects/opcp/routes.ts';
import { OPNC_PREFIX, opncRoutes } from '../dialects/opnc/routes.ts';
import { QUICK_START_PREFIX, quickStartRoutes } from '../dialects/quickstart/routes.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { healthRoutes } from '../http/health.ts';
import { mount } from '../http/route.ts';
import { httpServer } from '../http/server.ts';
import type { Tracing } from '../kernel/tracing.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Metrics } from '../observe/metrics.ts';
import { openApiRoutes } from '../openapi/openapi-routes.ts';
import type { Overview } from '../overview/overview.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { CertificateStatusService } from '../pki/status/certificate-status.ts';
import { approvalRoutes } from '../protocols/admin/approval-routes.ts';
import { auditExportRoutes } from '../protocols/admin/audit-export.ts';
import { auditRoutes } from '../protocols/admin/audit-routes.ts';
import { authorityRoutes } from '../protocols/admin/authority-routes.ts';
import { certificateRoutes } from '../protocols/admin/certificate-routes.ts';
import { contractRoutes } from '../protocols/admin/contract-routes.ts';
import { feedRoutes } from '../protocols/admin/feed-routes.ts';
import { overviewRoutes } from '../protocols/admin/overview-routes.ts';
import { partyRoutes } from '../protocols/admin/party-routes.ts';
import { peerRoutes } from '../protocols/admin/peer-routes.ts';
import { rootAdminRoutes } from '../protocols/admin/root-routes.ts';
import { vehicleRoutes } from '../protocols/admin/vehicle-routes.ts';
import { webhookAdminRoutes } from '../protocols/admin/webhook-routes.ts';
import { caRoutes } from '../protocols/ca/ca-routes.ts';
import { consoleRoutes } from '../protocols/console/console-routes.ts';
import { crlRoutes } from '../protocols/crl/crl-routes.ts';
import { estRoutes } from '../protocols/est/est-routes.ts';
import { peerEventRoutes } from '../protocols/federation/event-routes.ts';
import { type MetricsReaders, metricsRoutes } from '../protocols/metrics/metrics-routes.ts';
import { keepGate } from '../protocols/oauth/gate.ts';
import { limits } from '../protocols/oauth/limits.ts';
import { oauthRoutes } from '../protocols/oauth/oauth-routes.ts';
import { ocspRoutes } from '../protocols/ocsp/ocsp-routes.ts';
import { consoleSessions } from '../protocols/session/operator-sessions.ts';
import { hostCookie } from '../protocols/session/session-cookie.ts';
import { sessionRoutes } from '../protocols/session/session-routes.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import type { Surroundings } from './surroundings.ts';
import { dialectOf } from './traced.ts';

interface Served {
  readonly ecosystem: Ecosystem;
  readonly overview: Overview;
  readonly pki: PublicKeyInfrastructure;
  readonly status: CertificateStatusService;
  readonly store: Store;
  readonly keys: Pick<KeyStore, 'problems' | 'locationsOf'>;
  readonly access: Access;
  readonly metrics: Metrics;
  readonly operators: Operators;
  readonly tracing: Tracing | undefined;
  /** Whether the process is about to end. */
  readonly isEnding: () => boolean;
}

export async function buildApp(
  settings: Settings,
  { clock, logger }: Surroundings,
  { ecosystem, overview, pki, status, store, keys, access, operators, metrics, tracing, isEnding }: Served,
): Promise<FastifyInstance> {
  const { bodyLimit, auth, publicUrl, tls } = settings;
  const app = httpServer({
    ...{ logger, bodyLimit, tls, traces: tracing && { tracing, dialectOf } },
    answered: ({ seconds, ...labels }) => metrics.observe('plugpool_http_request_duration_seconds', labels, seconds),
  });
  app.addHook('onSend', async (_request, reply) => {
    // Whoever keeps connections shall make the next one to a process that stays.
    if (isEnding()) reply.header('connection', 'close');
  });
  const limited = limits(() => settings.limits);
  const cookie = hostCookie(publicUrl, 'plugpool-session', 'Strict');
  const sessions = cookie && consoleSessions(operators, cookie, publicUrl);
  keepGate(app, auth === 'none' ? undefined : { access, sessions, issuerOf: pki.domainOf }, limited);
  mount(app, opncRoutes(ecosystem), OPNC_PREFIX);
  mount(app, opcpRoutes(ecosystem));
  mount(app, quickStartRoutes(ecosystem), QUICK_START_PREFIX);
  const read = (filter: AuditFilter) => readAudit(store.db, filter);
  const admin = [
    ...partyRoutes({ parties: access.parties, approvals: ecosystem.approvals }),
    ...approvalRoutes(ecosystem),
    ...auditRoutes({ read, verify: () => verifyChain(store.db) }),
    ...authorityRoutes({ pki, keys, clock }),
    ...webhookAdminRoutes(ecosystem),
    ...rootAdminRoutes(ecosystem),
    ...vehicleRoutes(ecosystem),
    ...contractRoutes(ecosystem),
    ...certificateRoutes(ecosystem),
    ...peerRoutes(ecosystem),
    ...overviewRoutes(overview),
  ];
  mount(app, admin);
  await app.register(auditExportRoutes({ read }));
  mount(app, healthRoutes({ store, keyProblems: keys.problems, isEnding }));
  const { db } = store;
  const last = () => lastPosition(db);
  await app.register(feedRoutes({ last, behind: (position, limit) => auditBehind(db, position, limit) }));
  const operations = async () => {
    const { dialectOperations } = await import('../dialects/operations.ts');
    return { ...dialectOperations(ecosystem), admin };
  };
  await app.register(openApiRoutes(operations));
  await app.register(oauthRoutes({ access, publicUrl, limits: limited }));
  const signedIn = auth === 'none' ? undefined : operators;
  await app.register(sessionRoutes({ operators: signedIn, sessions, publicUrl, limits: limited, clock }));
  await app.register(estRoutes({ pki }));
  await app.register(caRoutes({ pki }));
  await app.register(ocspRoutes({ status, clock }));
  await app.register(crlRoutes({ status, clock }));
  await app.register(peerEventRoutes({ events: ecosystem.peerEvents }));
  await app.register(consoleRoutes());
  if (settings.metricsPort === undefined) {
    const readers = () => metricsReaders(settings, auth === 'none' ? 'everybody' : 'nobody');
    await app.register(metricsRoutes({ exposition: metrics.exposition, readers }));
  }
  return app;
}

/** The metrics on a port of their own: whoever reaches that one may read, unless there is a token. */
export async function buildMetricsApp(
  settings: Settings,
  { logger }: Surroundings,
  { exposition }: Metrics,
): Promise<FastifyInstance> {
  const app = httpServer({ logger, bodyLimit: settings.bodyLimit });
  await app.register(metricsRoutes({ exposition, readers: () => metricsReaders(settings, 'everybody') }));
  return app;
}

function metricsReaders({ metricsToken: token }: Settings, without: 'everybody' | 'nobody'): MetricsReaders {
  return token === undefined ? without : { token };
}
