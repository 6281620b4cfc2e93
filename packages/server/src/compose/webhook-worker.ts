/** Who delivers webhooks, and to whom. */
import type { Access } from '../access/access.ts';
import { type DeliveryWorker, startDeliveryWorker } from '../events/delivery/delivery-worker.ts';
import type { RightsOfOwners } from '../events/delivery/fan-out.ts';
import type { HearingRights } from '../events/hearing.ts';
import type { Metrics } from '../observe/metrics.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { Settings } from '../settings.ts';
import type { Parts } from './ecosystem-of-rooms.ts';
import type { Surroundings } from './surroundings.ts';

type WebhookParts = Surroundings &
  Pick<Parts, 'store' | 'secrets'> & {
    readonly access: Access;
    readonly metrics: Metrics;
    readonly settings: Pick<Settings, 'auth' | 'allowPrivateTargets' | 'webhookRetrySeconds'>;
  };

/** The worker of this process; every replica has one. */
export function deliverWebhooks(parts: WebhookParts): DeliveryWorker {
  const { store, clock, logger, secrets, settings, access, metrics } = parts;
  return startDeliveryWorker({
    store,
    clock,
    secrets,
    send: outgoingHttp({ allowPrivateTargets: settings.allowPrivateTargets }),
    rightsOf: (owners) => (settings.auth === 'none' ? everybodyHearsEverything() : hearingRights(access, owners)),
    retry: { retryMs: settings.webhookRetrySeconds * 1000, random: Math.random },
    note: (message, details) => logger.warn(details, message),
    attempted: (result, seconds) => metrics.observe('plugpool_webhook_attempt_duration_seconds', { result }, seconds),
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
