/** Who delivers webhooks, and to whom. */
import type { Access } from '../access/access.ts';
import { DELIVERY_TOPIC } from '../events/delivery/delivery.ts';
import { type DeliveryWorker, startDeliveryWorker } from '../events/delivery/delivery-worker.ts';
import type { RightsOfOwners } from '../events/delivery/fan-out.ts';
import { countOwnerless } from '../events/endpoint-queries.ts';
import type { HearingRights } from '../events/hearing.ts';
import type { Tracing } from '../kernel/tracing.ts';
import type { Metrics } from '../observe/metrics.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { Settings } from '../settings.ts';
import type { Parts } from './ecosystem-of-rooms.ts';
import type { Surroundings } from './surroundings.ts';

type WebhookParts = Surroundings &
  Pick<Parts, 'store' | 'secrets' | 'origins'> & {
    readonly tracing: Tracing | undefined;
    readonly access: Access;
    readonly metrics: Metrics;
    readonly settings: Pick<Settings, 'auth' | 'allowPrivateTargets' | 'webhookRetrySeconds'>;
  };

/** The worker of this process; every replica has one. */
export function deliverWebhooks(parts: WebhookParts): DeliveryWorker {
  const { store, clock, logger, secrets, settings, access, metrics, tracing, origins } = parts;
  return startDeliveryWorker({
    store,
    clock,
    secrets,
    tracing,
    ...(origins && { origins }),
    send: outgoingHttp(settings),
    rightsOf: (owners) => (settings.auth === 'none' ? everybodyHearsEverything() : hearingRights(access, owners)),
    retry: {
      get retryMs() {
        return settings.webhookRetrySeconds * 1000;
      },
      random: Math.random,
    },
    note: (message, details) => logger.warn(details, message),
    attempted: (result, seconds) => metrics.observe('plugpool_webhook_attempt_duration_seconds', { result }, seconds),
  });
}

const ANNOUNCED_EVERY_MS = 50;

/**
 * Tells the other processes on the database that there is something to deliver: what this one cannot take at once, they
 * do. Once for all that is recorded in a twentieth of a second.
 */
export function announceDeliveries({ store, logger }: Pick<WebhookParts, 'store' | 'logger'>) {
  let timer: NodeJS.Timeout | undefined;
  const announce = () => {
    timer = undefined;
    store.announce(DELIVERY_TOPIC).catch((err) => logger.warn({ err }, 'webhooks could not be announced'));
  };
  return {
    soon() {
      timer ??= setTimeout(announce, ANNOUNCED_EVERY_MS).unref();
    },
    stop: () => clearTimeout(timer),
  };
}

/** Says so when endpoints that were made without access control hear nothing any more. */
export async function warnOfOwnerless(
  { auth }: Pick<Settings, 'auth'>,
  { store, logger }: Pick<WebhookParts, 'store' | 'logger'>,
): Promise<void> {
  const endpoints = auth === 'none' ? 0 : await countOwnerless(store.db);
  if (endpoints === 0) return;
  logger.warn({ endpoints }, 'webhook endpoints belong to nobody and hear nothing: see `plugpool webhook assign`');
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
