/** Publishes what a source has, batch by batch. */
import { commonNameOf } from '@plugpool/iso15118';
import type { ProvisioningCertificatePool } from '../../pcp/provisioning-certificate-pool.ts';
import type { Entry } from './entry.ts';

export interface Imported {
  readonly entry: Entry;
  /** Why it did not come in, or what became of it. */
  readonly outcome: 'published' | 'replaced' | 'unchanged' | readonly string[];
}

/** Vehicles in one transaction. */
const VEHICLES_AT_ONCE = 250;
/** While the database writes one of them, another is read and its signatures are verified. */
const BATCHES_AT_ONCE = 2;

interface Begun {
  readonly names: ReadonlySet<string>;
  readonly imported: Promise<Imported[]>;
}

/** In the order of the entries. A vehicle that comes again waits until the batch it came in before is done. */
export async function* publishedBatches(
  pcp: ProvisioningCertificatePool,
  entries: AsyncIterable<Entry>,
): AsyncGenerator<Imported[]> {
  const begun: Begun[] = [];
  try {
    for await (const batch of batchesOf(entries)) {
      const names = namesIn(batch);
      let first = begun[0];
      while (first && (begun.length >= BATCHES_AT_ONCE || begun.some((other) => shareOne(names, other.names)))) {
        yield await first.imported;
        begun.shift();
        first = begun[0];
      }
      const imported = publish(pcp, batch);
      // It is awaited in its turn; a failure before that would count as one that nobody hears of.
      imported.catch(() => undefined);
      begun.push({ names, imported });
    }
    for (const { imported } of begun) yield await imported;
  } finally {
    // When one has failed, the others still come to their end before the database is closed.
    await Promise.allSettled(begun.map(({ imported }) => imported));
  }
}

async function publish(pcp: ProvisioningCertificatePool, batch: readonly Entry[]): Promise<Imported[]> {
  const vehicles = batch.flatMap((entry) => ('vehicle' in entry ? [entry.vehicle] : []));
  const outcomes = (await pcp.publishMany(vehicles)).values();
  return batch.map((entry) => {
    if (!('vehicle' in entry)) return { entry, outcome: entry.messages };
    const { value: publishing, done } = outcomes.next();
    if (done === true) throw new TypeError('every vehicle has an outcome');
    return { entry, outcome: publishing.outcome === 'refused' ? publishing.refusal.errorMessages : publishing.outcome };
  });
}

async function* batchesOf(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < VEHICLES_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** PCIDs count in any case. */
function namesIn(batch: readonly Entry[]): ReadonlySet<string> {
  return new Set(batch.flatMap((entry) => nameOf(entry)?.toUpperCase() ?? []));
}

function shareOne(names: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return Array.from(names).some((name) => others.has(name));
}

/** The PCID as the certificate has it. */
export function nameOf(entry: Entry): string | undefined {
  return 'vehicle' in entry ? commonNameOf(entry.vehicle.certificate.subject) : undefined;
}
