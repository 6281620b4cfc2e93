/**
 * Takes out of the pools what can be of no use any more: roots, vehicles and contracts that are expired or revoked. Two
 * that run at the same time remove and tell everything once: each removal looks again, in its own transaction.
 */
import type { Edition, Emaid, Fingerprint, Pcid } from '@plugpool/iso15118';
import type { Clock } from '../kernel/clock.ts';
import type { RootCertificate } from '../rcp/root-certificate.ts';
import type { RevocationChecks } from '../revocation/revocation-checks.ts';

type Links = Parameters<RevocationChecks['check']>[0];

/** An entry of a pool with what decides whether it stays. */
export interface Candidate {
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds. */
  readonly validTo: number;
}

export interface VehicleCandidate extends Candidate {
  readonly pcid: Pcid;
  readonly edition: Edition;
}

export interface ContractCandidate extends Candidate {
  /** Of the entry; pages go by it. */
  readonly id: string;
  readonly emaid: Emaid;
  readonly edition: Edition;
}

export type Unfit = 'expired' | 'revoked';

export interface CleansingNeeds {
  readonly clock: Clock;
  readonly unfitAmong: RevocationChecks['unfitAmong'];
  readonly roots: {
    list(): Promise<RootCertificate[]>;
    /** False when it had gone already. */
    remove(id: string, why: Unfit): Promise<boolean>;
  };
  readonly vehicles: {
    count(): Promise<number>;
    page(after: VehicleCandidate | undefined, limit: number): Promise<VehicleCandidate[]>;
    links(vehicle: VehicleCandidate): Promise<Links>;
    /** How many contracts went with it; undefined when it had gone already or has another certificate now. */
    remove(vehicle: VehicleCandidate): Promise<number | undefined>;
  };
  readonly contracts: {
    count(): Promise<number>;
    page(after: ContractCandidate | undefined, limit: number): Promise<ContractCandidate[]>;
    links(contract: ContractCandidate): Promise<Links>;
    /** False when it had gone already or has another certificate now. */
    remove(contract: ContractCandidate): Promise<boolean>;
  };
  /** Removes events that nobody waits for and that are older than this; how many. */
  readonly removeEvents: (before: number) => Promise<number>;
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
  /** Events that were told a month ago. */
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
const EVENTS_KEPT_MS = 30 * 86_400_000;

export async function cleanse(needs: CleansingNeeds, options: CleansingOptions): Promise<CleansingSummary> {
  const { dryRun, progress, signal } = options;
  const { roots, vehicles, contracts } = needs;
  const summary = {
    roots: { expired: 0, revoked: 0 },
    vehicles: { expired: 0, revoked: 0 },
    contracts: { expired: 0, revoked: 0, withVehicle: 0 },
  };
  const all = (await roots.list()).map((root) => ({
    root,
    fingerprint: root.certificate.fingerprint,
    validTo: root.certificate.notAfter,
  }));
  progress?.total(all.length + (await vehicles.count()) + (await contracts.count()));

  const rootLinks = ({ root: { certificate } }: (typeof all)[number]) =>
    Promise.resolve([{ certificate, issuer: certificate, field: 'root certificate' }]);
  for (const { entry, why } of await unfit(all, rootLinks, needs)) {
    if (!dryRun && !(await roots.remove(entry.root.id, why))) continue;
    summary.roots[why]++;
    if (!dryRun) needs.removed({ what: 'root', id: entry.root.id, why });
  }
  progress?.done(all.length);

  for await (const page of pages(vehicles.page, signal)) {
    for (const { entry, why } of await unfit(page, vehicles.links, needs)) {
      const withIt = dryRun ? 0 : await vehicles.remove(entry);
      if (withIt === undefined) continue;
      summary.vehicles[why]++;
      summary.contracts.withVehicle += withIt;
      if (!dryRun) needs.removed({ what: 'vehicle', id: entry.pcid, why });
    }
    progress?.done(page.length);
  }

  for await (const page of pages(contracts.page, signal)) {
    for (const { entry, why } of onceForEach(await unfit(page, contracts.links, needs))) {
      if (!dryRun && !(await contracts.remove(entry))) continue;
      summary.contracts[why]++;
      if (!dryRun) needs.removed({ what: 'contract', id: entry.emaid, why });
    }
    progress?.done(page.length);
  }

  const events = dryRun || signal?.aborted ? 0 : await needs.removeEvents(needs.clock.now() - EVENTS_KEPT_MS);
  return { ...summary, events };
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
