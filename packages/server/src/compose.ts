/** The only place where rooms, dialects and database meet: read it to know what runs. */
import type { AddressInfo } from 'node:net';
import { parseFingerprint } from '@plugpool/iso15118';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type Access, access as accessOf, outsideIssuer } from './access/access.ts';
import { extendChain, removeAuditBefore } from './access/audit-chain.ts';
import { readAudit } from './access/audit-reading.ts';
import { type ContractCertificatePool, contractCertificatePool } from './ccp/contract-certificate-pool.ts';
import { cleanse, type Removal } from './cleansing/cleansing.ts';
import { startCleansingSchedule } from './cleansing/cleansing-schedule.ts';
import { certificateProvisioningService } from './cps/certificate-provisioning-service.ts';
import { opcpRoutes } from './dialects/opcp/routes.ts';
import { OPNC_PREFIX, opncRoutes } from './dialects/opnc/routes.ts';
import { QUICK_START_PREFIX, quickStartRoutes } from './dialects/quickstart/routes.ts';
import { servicesOf } from './dialects/rights.ts';
import type { Ecosystem } from './ecosystem.ts';
import { type DeliveryWorker, startDeliveryWorker } from './events/delivery/delivery-worker.ts';
import type { RightsOfOwners } from './events/delivery/fan-out.ts';
import { webhookDeliveries } from './events/delivery/webhook-deliveries.ts';
import { eventLog } from './events/event-log.ts';
import type { HearingRights } from './events/hearing.ts';
import { webhookEndpoints } from './events/webhook-endpoints.ts';
import { healthRoutes } from './http/health.ts';
import { mount } from './http/route.ts';
import { httpServer } from './http/server.ts';
import type { Clock } from './kernel/clock.ts';
import { type KeyStore, keyStore, type Secrets } from './keys/key-store.ts';
import { loadMasterSecret } from './keys/master-secret.ts';
import { openApiRoutes } from './openapi/openapi-routes.ts';
import { outgoingHttp } from './outgoing/outgoing-http.ts';
import { provisioningCertificatePool } from './pcp/provisioning-certificate-pool.ts';
import { type PublicKeyInfrastructure, publicKeyInfrastructure } from './pki/public-key-infrastructure.ts';
import { revocationService } from './pki/revocation.ts';
import { type CertificateStatusService, certificateStatus } from './pki/status/certificate-status.ts';
import { auditRoutes } from './protocols/admin/audit-routes.ts';
import { rootAdminRoutes } from './protocols/admin/root-routes.ts';
import { webhookAdminRoutes } from './protocols/admin/webhook-routes.ts';
import { caRoutes } from './protocols/ca/ca-routes.ts';
import { consoleRoutes } from './protocols/console/console-routes.ts';
import { crlRoutes } from './protocols/crl/crl-routes.ts';
import { estRoutes } from './protocols/est/est-routes.ts';
import { keepGate } from './protocols/oauth/gate.ts';
import { limits } from './protocols/oauth/limits.ts';
import { oauthRoutes } from './protocols/oauth/oauth-routes.ts';
import { ocspRoutes } from './protocols/ocsp/ocsp-routes.ts';
import { certificateTrustList } from './rcp/certificate-trust-list.ts';
import { rootCertificatePool } from './rcp/root-certificate-pool.ts';
import { defaultTimes, inquiry } from './revocation/inquiry.ts';
import { type RevocationChecks, revocationChecks } from './revocation/revocation-checks.ts';
import type { Settings } from './settings.ts';
import { openStore, type Store } from './store/store.ts';

export interface RunningEcosystem {
  /** Where it listens, for instance `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly ecosystem: Ecosystem;
  readonly pki: PublicKeyInfrastructure;
  close(): Promise<void>;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Opens the database, makes the demo PKI on an empty one, and listens. */
export async function startEcosystem(settings: Settings, { clock, logger }: Surroundings): Promise<RunningEcosystem> {
  const store = await openStore(settings.location, {
    migrated: (names) => logger.info({ names }, 'migrations applied'),
    connectionLost: (err) => logger.warn({ err }, 'lost a connection to the database'),
  });
  // What was opened, closed in the opposite order: when it ends, or when the start fails half-way.
  const opened: (() => unknown)[] = [store.close];
  const close = async () => {
    for (const closeOne of opened.splice(0).reverse()) await closeOne();
  };
  try {
    const { dataDirectory, masterSecret: fromEnvironment } = settings;
    const masterSecret = await loadMasterSecret({ fromEnvironment, dataDirectory });
    const keys = keyStore({ store, masterSecret, clock, locations: settings.keyLocations });
    opened.push(keys.close);
    const { publicUrl, rolloverPart } = settings;
    const pki = publicKeyInfrastructure({ store, keys, clock, publicUrl, rolloverPart });
    const bell: Bell = { ring: () => undefined };
    const { secrets } = keys;
    const ecosystem = buildEcosystem({ store, clock, logger, pki, secrets, settings, recorded: () => bell.ring() });
    await pki.ensureDemoAuthorities(ecosystem.rcp.trustOwn);
    opened.push(await rollOver(pki, logger));
    const status = certificateStatus({ store, keys, clock, pki });
    const access = accessOf({
      ...{ store, keys, clock, publicUrl, servicesOf },
      audiences: settings.tokenAudiences,
      outside: outsideOf(settings, clock),
      lifetimeSeconds: settings.tokenLifetimeSeconds,
    });
    const app = await buildApp(settings, { clock, logger }, { ecosystem, pki, status, store, keys, access });
    opened.push(() => app.close());
    const webhooks = deliverWebhooks({ store, clock, logger, secrets, settings, access });
    bell.ring = webhooks.wake;
    opened.push(webhooks.stop, cleanseNowAndThen({ store, clock, logger, ecosystem, settings }));
    opened.push(chainAudit({ store, clock, logger }, settings.auditRetentionDays));
    await app.listen({ host: settings.host, port: settings.port });
    return { url: urlOf(app, settings.tls === undefined ? 'http' : 'https'), ecosystem, pki, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

const CHAINED_EVERY_MS = 1_000;
const CLEANED_EVERY_MS = 3_600_000;

/** Gives the rows of the audit log their places, now and then. Returns what ends that. */
function chainAudit({ store, clock, logger }: Surroundings & { store: Store }, keptDays: number): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  let cleaned = Number.NEGATIVE_INFINITY;
  const cleanUp = async () => {
    if (keptDays === 0 || performance.now() - cleaned < CLEANED_EVERY_MS) return;
    cleaned = performance.now();
    const rows = await removeAuditBefore(store, clock.now() - keptDays * DAY_MS);
    if (rows > 0) logger.info({ rows }, 'old rows of the audit log were removed');
  };
  const timer = setInterval(() => {
    running = running
      .then(() => extendChain(store))
      .then(cleanUp)
      .catch((err) => logger.error({ err }, 'the audit log could not be chained'));
  }, CHAINED_EVERY_MS).unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Its address was configured, so it may be in our own network. */
function outsideOf({ outsideIssuer: settings }: Settings, clock: Clock) {
  return settings && outsideIssuer(settings, outgoingHttp({ allowPrivateTargets: true }), clock);
}

/** Rings when there may be something to deliver. */
interface Bell {
  ring: () => void;
}

const DAY_MS = 86_400_000;

/** Authorities that near their end get successors: now, and every day that the process lives. Returns what ends that. */
async function rollOver(pki: PublicKeyInfrastructure, logger: Logger): Promise<() => void> {
  const rotate = async () => {
    const names = await pki.rotateDue();
    if (names.length > 0) logger.info({ names }, 'authorities have successors');
  };
  await rotate();
  const timer = setInterval(() => rotate().catch((err) => logger.error({ err }, 'rollover failed')), DAY_MS).unref();
  return () => clearInterval(timer);
}

interface Parts extends Surroundings {
  readonly store: Store;
  readonly pki: PublicKeyInfrastructure;
  readonly secrets: Secrets;
  readonly settings: Pick<Settings, 'revocation' | 'allowPrivateTargets'>;
  /** Hears that there is something to deliver. */
  readonly recorded?: () => void;
}

/** The rooms, each given what it needs of the others and nothing more. */
export function buildEcosystem(parts: Parts): Ecosystem {
  const { store, clock, logger, pki, secrets, settings, recorded = () => undefined } = parts;
  const record = eventLog({ clock }, recorded);
  const rcp = rootCertificatePool({ store, clock, record });
  const note = (message: string, details: Readonly<Record<string, string>>) => logger.warn(details, message);
  const { check: checkRevocation, unfitAmong } = revocationOfOthers({ store, clock, pki, settings, note });
  const pcp = provisioningCertificatePool({
    store,
    clock,
    anchors: () => rcp.anchors(['OEM', 'V2G']),
    checkRevocation,
    removeContracts: (tx, pcid, why, edition) => ccp.removeOf(tx, pcid, why, edition),
    note,
  });
  const ccp: ContractCertificatePool = contractCertificatePool({
    store,
    clock,
    anchors: (types) => rcp.anchors(types),
    fingerprintOfVehicle: (pcid, edition) => pcp.fingerprintOf(pcid, edition),
    isKnownVehicle: (pcid) => pcp.isKnown(pcid),
    vehicleForContract: pcp.forContract,
    holdVehicle: pcp.hold,
    linksOfVehicle: pcp.linksOf,
    checkRevocation,
    unfitAmong,
    record,
    async revoke(tx, fingerprints) {
      for (const fingerprint of fingerprints) {
        await pki.revoke(tx, parseFingerprint(fingerprint), 'cessationOfOperation', clock.now());
      }
    },
  });
  const cps = certificateProvisioningService({
    store,
    clock,
    signers: () => pki.cpsSigners(),
    anchors: () => rcp.anchors(['MO', 'V2G']),
    checkRevocation,
    vehicleForContract: pcp.forContract,
    fingerprintOfVehicle: pcp.fingerprintOf,
    issueContract: pki.issueContract,
    storeContract: ccp.store,
  });
  const revocation = revocationService({ store, clock, authorities: () => pki.authorities() });
  const webhooks = webhookEndpoints({ store, clock, secrets, targets: settings, recorded });
  const deliveries = webhookDeliveries({ store, clock, recorded });
  const trustList = certificateTrustList({ clock, roots: () => rcp.list(), signers: () => pki.cpsSigners() });
  const removed = (removal: Removal) => logger.info(removal, 'removed by cleansing');
  return {
    ...{ rcp, trustList, pcp, cps, ccp, revocation, webhooks, deliveries },
    cleanse: (options) => cleanse({ clock, unfitAmong, rcp, pcp, ccp, deliveries, removed }, options),
  };
}

type ScheduleParts = Surroundings & {
  readonly store: Store;
  readonly ecosystem: Ecosystem;
  readonly settings: Pick<Settings, 'cleanseHours'>;
};

const HOUR_MS = 3_600_000;

/** Returns what ends it. */
function cleanseNowAndThen({ store, clock, logger, ecosystem, settings }: ScheduleParts): () => unknown {
  if (settings.cleanseHours === 0) return () => undefined;
  return startCleansingSchedule({
    store,
    clock,
    everyMs: settings.cleanseHours * HOUR_MS,
    cleanse: (signal) => ecosystem.cleanse({ dryRun: false, signal }),
    note: (message, details) => logger.info(details, message),
  }).stop;
}

type WebhookParts = Surroundings &
  Pick<Parts, 'store' | 'secrets'> & {
    readonly access: Access;
    readonly settings: Pick<Settings, 'auth' | 'allowPrivateTargets' | 'webhookRetrySeconds'>;
  };

/** The worker of this process; every replica has one. */
function deliverWebhooks({ store, clock, logger, secrets, settings, access }: WebhookParts): DeliveryWorker {
  return startDeliveryWorker({
    store,
    clock,
    secrets,
    send: outgoingHttp({ allowPrivateTargets: settings.allowPrivateTargets }),
    rightsOf: (owners) => (settings.auth === 'none' ? everybodyHearsEverything() : hearingRights(access, owners)),
    retry: { retryMs: settings.webhookRetrySeconds * 1000, random: Math.random },
    note: (message, details) => logger.warn(details, message),
  });
}

const everybodyHearsEverything: () => ReturnType<RightsOfOwners> = async () => () => 'everything';

/** A party that is disabled, or gone, hears nothing; nor does an endpoint that belongs to nobody. */
async function hearingRights({ parties }: Access, owners: readonly string[]): ReturnType<RightsOfOwners> {
  const active = (await parties.list()).filter(({ id, disabledAt }) => owners.includes(id) && disabledAt === undefined);
  const rights = new Map(
    active.map(({ id, roles, identifiers }): [string | undefined, HearingRights] => [
      id,
      roles.includes('operator') ? 'everything' : { wmis: identifiers.wmi, providerIds: identifiers.providerId },
    ]),
  );
  return (owner) => rights.get(owner);
}

type RevocationParts = Pick<Parts, 'store' | 'clock' | 'pki' | 'settings'> & {
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
};

/** Our own certificates are looked up in the database, and nobody is asked about them over HTTP. */
function revocationOfOthers({ store, clock, pki, settings, note }: RevocationParts): RevocationChecks {
  const now = () => clock.now();
  const send = outgoingHttp({ allowPrivateTargets: settings.allowPrivateTargets });
  return revocationChecks({
    policy: settings.revocation,
    async ownStatusOf(fingerprints) {
      const statuses = await pki.statusOf(store.db, fingerprints);
      return new Map([...statuses].flatMap(([key, status]) => (status === 'unknown' ? [] : [[key, status] as const])));
    },
    async isOwnAuthority({ fingerprint }) {
      return (await pki.authorities()).some(({ certificate }) => certificate.fingerprint === fingerprint);
    },
    inquire: inquiry({ send, now, times: defaultTimes, note }),
    note,
  });
}

interface Served {
  readonly ecosystem: Ecosystem;
  readonly pki: PublicKeyInfrastructure;
  readonly status: CertificateStatusService;
  readonly store: Store;
  readonly keys: Pick<KeyStore, 'problems'>;
  readonly access: Access;
}

/** All that is served, over one port. */
async function buildApp(
  { bodyLimit, auth, publicUrl, limits: limitSettings, tls }: Settings,
  { clock, logger }: Surroundings,
  { ecosystem, pki, status, store, keys, access }: Served,
): Promise<FastifyInstance> {
  const app = httpServer({ logger, bodyLimit, tls });
  const limited = limits(limitSettings);
  keepGate(app, auth === 'none' ? undefined : { access, issuerOf: pki.domainOf }, limited);
  mount(app, opncRoutes(ecosystem), OPNC_PREFIX);
  mount(app, opcpRoutes(ecosystem));
  mount(app, quickStartRoutes(ecosystem), QUICK_START_PREFIX);
  mount(app, auditRoutes({ read: (filter) => readAudit(store.db, filter) }));
  mount(app, webhookAdminRoutes(ecosystem));
  mount(app, rootAdminRoutes(ecosystem));
  mount(app, healthRoutes(store, keys.problems));
  const operations = async () => (await import('./dialects/operations.ts')).dialectOperations(ecosystem);
  await app.register(openApiRoutes(operations));
  await app.register(oauthRoutes({ access, publicUrl, limits: limited }));
  await app.register(estRoutes({ pki }));
  await app.register(caRoutes({ pki }));
  await app.register(ocspRoutes({ status, clock }));
  await app.register(crlRoutes({ status, clock }));
  await app.register(consoleRoutes());
  return app;
}

function urlOf(app: FastifyInstance, scheme: string): string {
  const address: AddressInfo | string | null = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `${scheme}://${host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host}:${address.port}`;
}
