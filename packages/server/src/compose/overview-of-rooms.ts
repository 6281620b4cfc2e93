/** What the overview asks of which room. */
import type { Ecosystem } from '../ecosystem.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Overview, overview } from '../overview/overview.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { Store } from '../store/store.ts';

interface OverviewParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ecosystem: Ecosystem;
  readonly pki: Pick<PublicKeyInfrastructure, 'authorities'>;
}

export function overviewOf({ store, clock, ecosystem: { pcp, ccp, rcp, deliveries }, pki }: OverviewParts): Overview {
  const endingAmong = async (certificates: Promise<readonly { readonly notAfter: number }[]>, [since, until]: Span) =>
    (await certificates).filter(({ notAfter }) => notAfter >= since && notAfter < until).length;
  return overview({
    store,
    clock,
    queue: deliveries.health,
    ending: {
      vehicles: pcp.countEnding,
      contracts: ccp.countEnding,
      roots: (...span) => endingAmong(certificatesOf(rcp.list()), span),
      authorities: (...span) => endingAmong(certificatesOf(pki.authorities()), span),
    },
  });
}

type Span = readonly [since: number, until: number, most: number];

async function certificatesOf<C>(entries: Promise<readonly { readonly certificate: C }[]>): Promise<C[]> {
  return (await entries).map(({ certificate }) => certificate);
}
