/** The only place where rooms, dialects and database meet: read it to know what runs. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { access as accessOf } from './access/access.ts';
import { chainAudit, cleanseNowAndThen, expireProposals, rollOver } from './compose/background.ts';
import { countRefusals } from './compose/counted-refusals.ts';
import { buildEcosystem } from './compose/ecosystem-of-rooms.ts';
import { measuredEcosystem, measuredPki, measuredStatus } from './compose/measured.ts';
import { operatorsAtConsole } from './compose/operators-at-console.ts';
import { overviewOf } from './compose/overview-of-rooms.ts';
import { buildApp, buildMetricsApp } from './compose/served.ts';
import type { Surroundings } from './compose/surroundings.ts';
import { statementSpans, tracedPki, tracingOf } from './compose/traced.ts';
import { watchEcosystem } from './compose/watched.ts';
import { announceDeliveries, deliverWebhooks, warnOfOwnerless } from './compose/webhook-worker.ts';
import { servicesOf } from './dialects/rights.ts';
import type { Ecosystem } from './ecosystem.ts';
import { eventOrigins } from './events/event-origins.ts';
import type { Clock } from './kernel/clock.ts';
import { version } from './kernel/version.ts';
import { keyStore } from './keys/key-store.ts';
import { loadMasterSecret } from './keys/master-secret.ts';
import { startMetrics } from './observe/metrics.ts';
import { watchProcess } from './observe/process-figures.ts';
import { outgoingHttp } from './outgoing/outgoing-http.ts';
import { type PublicKeyInfrastructure, publicKeyInfrastructure } from './pki/public-key-infrastructure.ts';
import { certificateStatus } from './pki/status/certificate-status.ts';
import type { Settings } from './settings.ts';
import { openStore } from './store/store.ts';

export interface RunningEcosystem {
  /** Where it listens, for instance `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly ecosystem: Ecosystem;
  readonly pki: PublicKeyInfrastructure;
  /** Answers as before, but is not ready any more and keeps no connection: proxies send what is new elsewhere. */
  announceEnd(): void;
  close(): Promise<void>;
}

/** Opens the database, makes the demo PKI on an empty one, and listens. */
export async function startEcosystem(settings: Settings, { clock, logger }: Surroundings): Promise<RunningEcosystem> {
  const metrics = startMetrics((metric, err) => logger.warn({ metric, err }, 'a metric could not be read'));
  const inTrace = statementSpans(settings.location);
  const store = await openStore(settings.location, {
    migrated: (names) => logger.info({ applied: names.length, latest: names.at(-1) }, 'migrations applied'),
    migrating: (message, details) => logger.info(details, message),
    connectionLost: (err) => logger.warn({ err }, 'lost a connection to the database'),
    queried: (ended) => {
      const { kind: statement, failed, seconds } = ended;
      const result = failed ? 'error' : 'ok';
      metrics.observe('plugpool_database_query_duration_seconds', { statement, result }, seconds);
      inTrace(ended);
    },
  });
  // What was opened, closed in the opposite order: when it ends, or when the start fails half-way.
  const opened: (() => unknown)[] = [store.close, watchProcess(metrics, await version())];
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const tracing = await tracingOf(settings, logger);
    opened.push(async () => await tracing?.close());
    const { dataDirectory, masterSecret: fromEnvironment } = settings;
    const masterSecret = await loadMasterSecret({ fromEnvironment, dataDirectory });
    const keys = keyStore({ store, masterSecret, clock, locations: settings.keyLocations });
    opened.push(keys.close);
    const { publicUrl, rolloverPart } = settings;
    const ownPki = publicKeyInfrastructure({ store, keys, clock, publicUrl, rolloverPart });
    const pki = tracedPki(measuredPki(ownPki, metrics));
    const bell: Bell = { ring: () => undefined };
    const { secrets } = keys;
    const access = accessOf({
      ...{ store, keys, clock, publicUrl, servicesOf },
      audiences: settings.tokenAudiences,
      outside: await outsideOf(settings, clock),
      lifetimeSeconds: settings.tokenLifetimeSeconds,
    });
    const origins = eventOrigins();
    const rooms = buildEcosystem({
      ...{ store, clock, logger, pki, secrets, parties: access.parties, settings, origins },
      recorded: () => bell.ring(),
      cleansed: ({ what, why }) => metrics.count('plugpool_cleansed_total', { what, why }),
      peerAsked: ({ peer, question: operation, result, milliseconds }) =>
        metrics.observe('plugpool_peer_request_duration_seconds', { peer, operation, result }, milliseconds / 1000),
      inquired: (result) => metrics.count('plugpool_revocation_inquiries_total', { result }),
    });
    const overview = overviewOf({ store, clock, ecosystem: rooms, pki });
    const ecosystem = measuredEcosystem(countRefusals(rooms, overview), metrics);
    await pki.ensureDemoAuthorities(ecosystem.rcp.trustOwn);
    opened.push(await rollOver(pki, logger, tracing));
    const ocspAnswered = (result: string) => metrics.count('plugpool_ocsp_answers_total', { result });
    const status = measuredStatus(certificateStatus({ store, keys, clock, pki, ocspAnswered }), metrics);
    const operators = await operatorsAtConsole({ store, clock, logger, secrets, settings });
    let ending = false;
    const isEnding = () => ending;
    const parts = { ecosystem, overview, pki, status, store, keys, access, operators, metrics, tracing, isEnding };
    const app = await buildApp(settings, { clock, logger }, parts);
    opened.push(() => app.close());
    watchEcosystem(metrics, { store, clock, pki, app, ecosystem });
    await warnOfOwnerless(settings, { store, logger });
    const webhooks = deliverWebhooks({ store, clock, logger, secrets, settings, access, metrics, tracing, origins });
    const announcing = announceDeliveries({ store, logger });
    bell.ring = () => {
      webhooks.wake();
      announcing.soon();
    };
    opened.push(announcing.stop);
    opened.push(webhooks.stop, cleanseNowAndThen({ store, clock, logger, ecosystem, settings, tracing }));
    opened.push(chainAudit({ store, clock, logger, count: overview.update }, settings));
    opened.push(expireProposals(ecosystem, logger));
    await app.listen({ host: settings.host, port: settings.port });
    if (settings.metricsPort !== undefined) {
      const metricsApp = await buildMetricsApp(settings, { clock, logger }, metrics);
      opened.push(() => metricsApp.close());
      await metricsApp.listen({ host: settings.host, port: settings.metricsPort });
    }
    const announceEnd = () => {
      ending = true;
    };
    return { url: urlOf(app, settings.tls === undefined ? 'http' : 'https'), ecosystem, pki, announceEnd, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Its address was configured, so it may be in our own network. */
async function outsideOf({ outsideIssuer: settings }: Settings, clock: Clock) {
  if (settings === undefined) return undefined;
  const { outsideIssuer } = await import('./access/outside-issuer.ts');
  return outsideIssuer(settings, outgoingHttp({ allowPrivateTargets: true }), clock);
}

/** Rings when there may be something to deliver. */
interface Bell {
  ring: () => void;
}

function urlOf(app: FastifyInstance, scheme: string): string {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${address.port}`;
}
