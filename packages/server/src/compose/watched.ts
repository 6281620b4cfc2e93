/** Gauges: what rooms and database say of themselves when somebody reads the metrics. */
import type { FastifyInstance } from 'fastify';
import { waitingForChain } from '../access/audit-chain.ts';
import { lastCleansing } from '../cleansing/cleansing-schedule.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { selectBacklog } from '../events/delivery/delivery-queries.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import { selectCrlTimes } from '../pki/status/status-queries.ts';
import type { Store } from '../store/store.ts';

interface Watched {
  readonly store: Store;
  readonly clock: Clock;
  readonly pki: Pick<PublicKeyInfrastructure, 'authorities'>;
  readonly app: FastifyInstance;
  readonly ecosystem: Pick<Ecosystem, 'peers' | 'federation'>;
}

export function watchEcosystem(metrics: Metrics, { store, clock, pki, app, ecosystem }: Watched): void {
  const secondsSince = (at: number | undefined) => (at === undefined ? 0 : Math.max(0, (clock.now() - at) / 1000));
  const single = (value: number) => [{ labels: {}, value }];
  metrics.watch('plugpool_http_connections', async () => single(await connectionsOf(app)));
  watchConnections(metrics, store);

  const backlog = together(() => selectBacklog(store.db));
  metrics.watch('plugpool_webhook_queue_deliveries', async () => single((await backlog()).count));
  metrics.watch('plugpool_webhook_queue_oldest_age_seconds', async () =>
    single(secondsSince((await backlog()).oldest)),
  );
  const unchained = together(() => waitingForChain(store.db));
  metrics.watch('plugpool_audit_unchained_rows', async () => single((await unchained()).count));
  metrics.watch('plugpool_audit_chain_lag_seconds', async () => single(secondsSince((await unchained()).oldest)));

  const { peers, federation } = ecosystem;
  metrics.watch('plugpool_peer_resting', async () =>
    (await peers.list()).map(({ id, baseUrl: peer }) => {
      return { labels: { peer }, value: federation.isResting(id) ? 1 : 0 };
    }),
  );
  metrics.watch('plugpool_crl_age_seconds', async () =>
    (await selectCrlTimes(store.db)).map(({ authority_name: authority, this_update: at }) => {
      return { labels: { authority }, value: secondsSince(at) };
    }),
  );
  metrics.watch('plugpool_authority_expires_timestamp_seconds', async () =>
    (await pki.authorities()).map(({ name: authority, certificate }) => {
      return { labels: { authority }, value: certificate.notAfter / 1000 };
    }),
  );
  metrics.watch('plugpool_cleansing_last_timestamp_seconds', async () => {
    const last = await lastCleansing(store.db);
    return last === undefined ? [] : single(last / 1000);
  });
}

function watchConnections(metrics: Metrics, store: Store): void {
  metrics.watch('plugpool_database_connections', () => {
    const connections = store.connections?.();
    if (connections === undefined) return [];
    const { used, idle } = connections;
    return [
      { labels: { state: 'used' }, value: used },
      { labels: { state: 'idle' }, value: idle },
    ];
  });
  metrics.watch('plugpool_database_waiting', () => {
    const connections = store.connections?.();
    return connections === undefined ? [] : [{ labels: {}, value: connections.waiting }];
  });
}

/** One look for all who ask in the same turn. */
function together<T>(look: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= look().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function connectionsOf({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
