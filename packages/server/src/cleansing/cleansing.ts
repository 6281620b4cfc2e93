/**
 * Takes out of the pools what can be of no use any more: roots, vehicles and contracts that are expired or revoked. Two
 * that run at the same time remove and tell everything once: each removal looks again, in its own transaction.
 */
import type { Fingerprint } from '@plugpool/iso15118/pki';
import type { ContractCertificatePool } from '../ccp/contract-certificate-pool.ts';
import type { WebhookDeliveries } from '../events/delivery/webhook-deliveries.ts';
import type { Clock } from '../kernel/clock.ts';
import type { ProvisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import type { RootCertificatePool } from '../rcp/root-certificate-pool.ts';
import type { RevocationChecks } from '../revocation/revocation-checks.ts';

type Links = Parameters<RevocationChecks['check']>[0];
export type Unfit = 'expired' | 'revoked';

export interface CleansingNeeds {
  readonly clock: Clock;
  readonly unfitAmong: RevocationChecks['unfitAmong'];
  readonly rcp: Pick<RootCertificatePool, 'list' | 'cleanse'>;
  readonly pcp: Pick<ProvisioningCertificatePool, 'count' | 'page' | 'linksOf' | 'cleanse'>;
  readonly ccp: Pick<ContractCertificatePool, 'count' | 'page' | 'linksOf' | 'cleanse'>;
  readonly deliveries: Pick<WebhookDeliveries, 'removeOld'>;
  /** How long events are kept that nobody waits for. */
  readonly eventsKeptMs: number;
  /** Hears of each removal. */
  readonly removed: (removal: Removal) => void;
}

export interface Removal {
  readonly what: 'root' | 'vehicle' | 'contract';
  /** The id of a root, a PCID, an EMAID. */
  readonly id: string;
  readonly why: Unfit;
}

export interface CleansingSummary {
  readonly roots: Readonly<Record<Unfit, number>>;
  readonly vehicles: Readonly<Record<Unfit, number>>;
  /** Those that went with their vehicles are `withVehicle`. */
  readonly contracts: Readonly<Record<Unfit | 'withVehicle', number>>;
  /** Events that were told long ago. */
  readonly events: number;
}

export interface CleansingOptions {
  /** Looks and counts, and removes nothing. */
  readonly dryRun: boolean;
  /** Hears how many entries will be looked at, and then of each batch of them. */
  readonly progress?: { total(entries: number): void; done(entries: number): void };
  /** Ends it early, between two batches. */
  readonly signal?: AbortSignal;
}

/** Certificates of others are asked about at the same time, and their servers should not suffer. */
const AT_ONCE = 32;

export async function cleanse(needs: CleansingNeeds, options: CleansingOptions): Promise<CleansingSummary> {
  const { dryRun, progress, signal } = options;
  const { rcp, pcp, ccp } = needs;
  const summary = {
    roots: { expired: 0, revoked: 0 },
    vehicles: { expired: 0, revoked: 0 },
    contracts: { expired: 0, revoked: 0, withVehicle: 0 },
  };
  const all = (await rcp.list()).map((root) => ({
    root,
    fingerprint: root.certificate.fingerprint,
    validTo: root.certificate.notAfter,
  }));
  progress?.total(all.length + (await pcp.count()) + (await ccp.count()));

  const rootLinks = ({ root: { certificate } }: (typeof all)[number]) =>
    Promise.resolve([{ certificate, issuer: certificate, field: 'root certificate' }]);
  for (const { entry, why } of await unfit(all, rootLinks, needs)) {
    if (!dryRun && !(await rcp.cleanse(entry.root.id, why))) continue;
    summary.roots[why]++;
    if (!dryRun) needs.removed({ what: 'root', id: entry.root.id, why });
  }
  progress?.done(all.length);

  for await (const page of pages(pcp.page, signal)) {
    for (const { entry, why } of await unfit(page, ({ pcid, edition }) => pcp.linksOf(pcid, edition), needs)) {
      const withIt = dryRun ? 0 : await pcp.cleanse(entry);
      if (withIt === undefined) continue;
      summary.vehicles[why]++;
      summary.contracts.withVehicle += withIt;
      if (!dryRun) needs.removed({ what: 'vehicle', id: entry.pcid, why });
    }
    progress?.done(page.length);
  }

  for await (const page of pages(ccp.page, signal)) {
    for (const { entry, why } of onceForEach(await unfit(page, ccp.linksOf, needs))) {
      if (!dryRun && !(await ccp.cleanse(entry))) continue;
      summary.contracts[why]++;
      if (!dryRun) needs.removed({ what: 'contract', id: entry.emaid, why });
    }
    progress?.done(page.length);
  }

  if (dryRun || signal?.aborted) return { ...summary, events: 0 };
  return { ...summary, events: await needs.deliveries.removeOld(needs.clock.now() - needs.eventsKeptMs) };
}

async function* pages<C>(
  page: (after: C | undefined, limit: number) => Promise<C[]>,
  signal: AbortSignal | undefined,
): AsyncGenerator<C[]> {
  let last: C | undefined;
  while (!signal?.aborted) {
    const entries = await page(last, AT_ONCE);
    if (entries.length > 0) yield entries;
    if (entries.length < AT_ONCE) return;
    last = entries.at(-1);
  }
}

/** An entry of a pool with what decides whether it stays. */
interface Candidate {
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds. */
  readonly validTo: number;
}

/** Those that have to go. Whose status nobody tells stays, whatever the policy is: it may be known tomorrow. */
async function unfit<C extends Candidate>(
  candidates: readonly C[],
  links: (candidate: C) => Promise<Links>,
  { clock, unfitAmong }: CleansingNeeds,
): Promise<{ readonly entry: C; readonly why: Unfit }[]> {
  const now = clock.now();
  const valid = candidates.filter(({ validTo }) => validTo >= now);
  const found = await unfitAmong(
    valid.map((candidate) => ({ fingerprint: candidate.fingerprint, links: () => links(candidate) })),
  );
  const reason = ({ validTo, fingerprint }: C): Unfit | undefined => {
    if (validTo < now) return 'expired';
    return found.get(fingerprint)?.kind === 'revoked' ? 'revoked' : undefined;
  };
  return candidates.flatMap((entry) => {
    const why = reason(entry);
    return why === undefined ? [] : [{ entry, why }];
  });
}

/** A contract is there once for each CPS root, and goes as one. */
function onceForEach<C extends Candidate>(entries: readonly { readonly entry: C; readonly why: Unfit }[]) {
  return [...new Map(entries.map((each) => [each.entry.fingerprint, each])).values()];
}
