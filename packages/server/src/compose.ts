/** The only place where rooms, dialects and database meet: read it to know what runs. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { access as accessOf, outsideIssuer } from './access/access.ts';
import { chainAudit, cleanseNowAndThen, rollOver } from './compose/background.ts';
import { countRefusals } from './compose/counted-refusals.ts';
import { buildEcosystem } from './compose/ecosystem-of-rooms.ts';
import { overviewOf } from './compose/overview-of-rooms.ts';
import { buildApp } from './compose/served.ts';
import type { Surroundings } from './compose/surroundings.ts';
import { deliverWebhooks } from './compose/webhook-worker.ts';
import { servicesOf } from './dialects/rights.ts';
import type { Ecosystem } from './ecosystem.ts';
import type { Clock } from './kernel/clock.ts';
import { keyStore } from './keys/key-store.ts';
import { loadMasterSecret } from './keys/master-secret.ts';
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
  close(): Promise<void>;
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
    const rooms = buildEcosystem({ store, clock, logger, pki, secrets, settings, recorded: () => bell.ring() });
    const overview = overviewOf({ store, clock, ecosystem: rooms, pki });
    const ecosystem = countRefusals(rooms, overview);
    await pki.ensureDemoAuthorities(ecosystem.rcp.trustOwn);
    opened.push(await rollOver(pki, logger));
    const status = certificateStatus({ store, keys, clock, pki });
    const access = accessOf({
      ...{ store, keys, clock, publicUrl, servicesOf },
      audiences: settings.tokenAudiences,
      outside: outsideOf(settings, clock),
      lifetimeSeconds: settings.tokenLifetimeSeconds,
    });
    const app = await buildApp(settings, { clock, logger }, { ecosystem, overview, pki, status, store, keys, access });
    opened.push(() => app.close());
    const webhooks = deliverWebhooks({ store, clock, logger, secrets, settings, access });
    bell.ring = webhooks.wake;
    opened.push(webhooks.stop, cleanseNowAndThen({ store, clock, logger, ecosystem, settings }));
    opened.push(chainAudit({ store, clock, logger, count: overview.update }, settings.auditRetentionDays));
    await app.listen({ host: settings.host, port: settings.port });
    return { url: urlOf(app, settings.tls === undefined ? 'http' : 'https'), ecosystem, pki, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Its address was configured, so it may be in our own network. */
function outsideOf({ outsideIssuer: settings }: Settings, clock: Clock) {
  return settings && outsideIssuer(settings, outgoingHttp({ allowPrivateTargets: true }), clock);
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
