/** How vehicles come into the pool: the checks in their order, and the writing of those that passed. */
import { type Certificate, commonNameOf, IdentifierError, type Pcid, parsePcid } from '@plugpool/iso15118/pki';
import { type AuditedChange, audit } from '../access/audit-log.ts';
import { chainEndsAt } from '../kernel/certificate-chain.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import type { Tx } from '../store/store.ts';
import type {
  ClaimedRoot,
  ProvisioningCertificatePoolNeeds,
  Publishing,
  VehicleToPublish,
} from './provisioning-certificate-pool.ts';
import { sameKey, type Vehicle } from './vehicle.ts';
import { lockEntries } from './vehicle-locks.ts';
import { keyOf, selectUnchanged, upsertVehicles } from './vehicle-queries.ts';

type Needs = Pick<
  ProvisioningCertificatePoolNeeds,
  'store' | 'clock' | 'anchors' | 'refusedForRevocation' | 'removeContracts' | 'note'
>;

/** A vehicle to publish, by its name. */
type Named = VehicleToPublish & Pick<Vehicle, 'pcid' | 'shownPcid'>;

/** What certificates are called when they are refused. */
export const chainFields = {
  leaf: 'vehicleCertificate',
  subCa2: 'subCa2Certificate',
  subCa1: 'subCa1Certificate',
} as const;

export function publishing(needs: Needs) {
  const { store, clock, note } = needs;

  /** Those that may come in, and why the others may not, each in its place. */
  async function checked(vehicles: readonly Named[]): Promise<(Vehicle | DomainError)[]> {
    const roots = await needs.anchors();
    const chains = vehicles.map((vehicle) => orRefusal(() => trustedChain(vehicle, roots, clock.now())));
    const passed = passedAmong(chains);
    const refusals = await needs.refusedForRevocation(passed.map(({ links }) => links));
    const refusalOf = new Map(passed.map((chain, index) => [chain, refusals[index]]));
    return vehicles.map((vehicle, index) => {
      const chain = chains[index];
      if (chain === undefined) throw new TypeError('every vehicle has a chain');
      if (chain instanceof DomainError) return chain;
      return refusalOf.get(chain) ?? entryOf(vehicle, chain.root);
    });
  }

  function entryOf(vehicle: Named, root: Certificate): Vehicle {
    const { v2gRootKeyIdentifiers = [], claimedRoot = {}, ...rest } = vehicle;
    for (const what of contradictions(claimedRoot, root)) {
      note('what the OEM says of its root is not so', { pcid: vehicle.pcid, what });
    }
    return { ...rest, rootFingerprint: root.fingerprint, v2gRootKeyIdentifiers, publishedAt: clock.now() };
  }

  /** All of them in one transaction, each once; those that were in the pool before, by `keyOf`. */
  async function write(vehicles: readonly Vehicle[]): Promise<ReadonlySet<string>> {
    if (vehicles.length === 0) return new Set();
    return await store.transaction(async (tx) => {
      const before = await lockEntries(store, tx, vehicles);
      const changes: AuditedChange[] = [];
      for (const vehicle of vehicles) {
        const replaced = before.get(keyOf(vehicle));
        if (replaced !== undefined) await removeUseless(tx, vehicle, replaced.certificate);
        const published = replaced?.isGuest === false ? replaced.certificate.der : undefined;
        const change = { operation: 'vehicle.publish', object: vehicle.pcid, before: published } as const;
        changes.push({ ...change, after: vehicle.certificate.der });
      }
      await upsertVehicles(tx, vehicles);
      await audit(tx, clock.now(), changes);
      return new Set([...before].flatMap(([key, { isGuest }]) => (isGuest ? [] : [key])));
    });
  }

  /** With a new key the car cannot use what was sealed for the old one. */
  async function removeUseless(tx: Tx, { pcid, edition, certificate }: Vehicle, replaced: Certificate): Promise<void> {
    if (sameKey(replaced, certificate)) return;
    await needs.removeContracts(tx, pcid, 'mo.prov.cert.updated', edition);
  }

  async function check(input: VehicleToPublish): Promise<Vehicle> {
    const [vehicle] = await checked([named(input)]);
    if (vehicle === undefined) throw new TypeError('one vehicle has one outcome');
    if (vehicle instanceof DomainError) throw vehicle;
    return vehicle;
  }

  return {
    check,

    async publish(input: VehicleToPublish): Promise<Vehicle> {
      const vehicle = await check(input);
      await write([vehicle]);
      return vehicle;
    },

    async publishMany(inputs: readonly VehicleToPublish[]): Promise<Publishing[]> {
      const names = inputs.map((input) => orRefusal(() => named(input)));
      const outcomes = new Map<Named, Publishing>();
      for (const turn of turnsOf(passedAmong(names))) {
        const unchanged = await selectUnchanged(store.db, turn);
        const fresh = turn.filter((vehicle) => !unchanged.has(keyOf(vehicle)));
        const judged = await checked(fresh);
        const before = await write(passedAmong(judged));
        for (const [index, vehicle] of fresh.entries()) {
          const refusal = judged[index];
          if (refusal instanceof DomainError) outcomes.set(vehicle, { outcome: 'refused', refusal });
          else outcomes.set(vehicle, { outcome: before.has(keyOf(vehicle)) ? 'replaced' : 'published' });
        }
      }
      return names.map((name) => {
        if (name instanceof DomainError) return { outcome: 'refused', refusal: name };
        return outcomes.get(name) ?? { outcome: 'unchanged' };
      });
    },
  };
}

/** The PCID is the CN of the vehicle certificate. Throws `pcid-form`. */
function named(vehicle: VehicleToPublish): Named {
  const shownPcid = commonNameOf(vehicle.certificate.subject) ?? '';
  return { ...vehicle, pcid: pcidIn(shownPcid), shownPcid };
}

function pcidIn(text: string): Pcid {
  try {
    return parsePcid(text);
  } catch (error) {
    if (error instanceof IdentifierError) throw refuse('pcid-form');
    throw error;
  }
}

function trustedChain(vehicle: Named, roots: readonly Certificate[], at: number) {
  const { certificate: leaf, subCa1, subCa2, edition } = vehicle;
  return chainEndsAt({ leaf, subCa1, ...(subCa2 && { subCa2 }), roots, at, edition }, chainFields, 'OEM or V2G');
}

function orRefusal<T>(check: () => T): T | DomainError {
  try {
    return check();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function passedAmong<T extends object>(outcomes: readonly (T | DomainError)[]): T[] {
  return outcomes.flatMap((outcome) => (outcome instanceof DomainError ? [] : [outcome]));
}

/** One statement cannot write one row twice: an entry that comes again waits for the next turn. */
function turnsOf(vehicles: readonly Named[]): Named[][] {
  const turns: Map<string, Named>[] = [];
  for (const vehicle of vehicles) {
    const key = keyOf(vehicle);
    const free = turns.find((turn) => !turn.has(key));
    if (free === undefined) turns.push(new Map([[key, vehicle]]));
    else free.set(key, vehicle);
  }
  return turns.map((turn) => [...turn.values()]);
}

/** Clients fill these fields in many ways, or not at all; what they say is compared digit by digit. */
function contradictions(claimed: ClaimedRoot, root: Certificate): string[] {
  const digits = (hex: string) =>
    hex
      .replaceAll(/[^0-9a-fA-F]/g, '')
      .toLowerCase()
      .replace(/^0+/, '');
  const differs = (said: string | undefined, is: string) =>
    said !== undefined && said !== '' && digits(said) !== digits(is);
  const keyIdentifier = Buffer.from(root.subjectKeyIdentifier ?? []).toString('hex');
  return [
    ...(differs(claimed.serialNumber, root.serialHex) ? ['rootIssuerSerialNumber'] : []),
    ...(differs(claimed.keyIdentifier, keyIdentifier) ? ['rootAuthorityKeyIdentifier'] : []),
  ];
}
