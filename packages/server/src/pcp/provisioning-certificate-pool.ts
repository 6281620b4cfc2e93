/** Provisioning Certificate Pool: the vehicles that contracts can be made for. */

import type { Certificate, Edition, Pcid } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import type { ContractEventType } from '../events/event.ts';
import { askedTogether, LOOKUPS } from '../kernel/asked-together.ts';
import { type CertificateLink, knownLinks } from '../kernel/certificate-chain.ts';
import type { Clock } from '../kernel/clock.ts';
import { type DomainError, refuse, refuseAt } from '../kernel/domain-error.ts';
import type { Store, Tx } from '../store/store.ts';
import { admitGuest, auditRemoval, dismissGuest } from './guest-vehicles.ts';
import { chainFields, publishing } from './publishing.ts';
import type {
  CertificateOfVehicle,
  GuestVehicle,
  HoldingVehicles,
  ProvisionedVehicle,
  PublishedCertificate,
  Vehicle,
} from './vehicle.ts';
import { lockVehicle, vehiclesIn, vehiclesLock } from './vehicle-locks.ts';
import {
  countEnding,
  countEntries,
  deleteVehicle,
  selectAllProvisioned,
  selectOrigins,
  selectPage,
  selectPublished,
  selectVehicles,
  selectVehiclesBehind,
  type VehicleKey,
} from './vehicle-queries.ts';

export interface VehicleToPublish {
  readonly edition: Edition;
  readonly certificate: Certificate;
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  readonly v2gRootKeyIdentifiers?: readonly string[];
  readonly previousPcid?: Pcid;
  /** What the OEM says of its root; the chain decides, and a contradiction is noted. */
  readonly claimedRoot?: ClaimedRoot;
}

export interface ClaimedRoot {
  /** Both hexadecimal, in whatever case and with whatever separators. */
  readonly serialNumber?: string | undefined;
  readonly keyIdentifier?: string | undefined;
}

/** What became of one vehicle among several. */
export type Publishing =
  | { readonly outcome: 'published' | 'replaced' | 'unchanged' }
  | { readonly outcome: 'refused'; readonly refusal: DomainError };

/** What the pool needs to know of its neighbours. */
export interface ProvisioningCertificatePoolNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** Roots that a vehicle's chain may end at. */
  readonly anchors: () => Promise<Certificate[]>;
  /** For each of the chains `certificate-revoked` or `revocation-unknown`, if it is to be refused for that. */
  readonly refusedForRevocation: (
    chains: readonly (readonly CertificateLink[])[],
  ) => Promise<(DomainError | undefined)[]>;
  /** Takes the contracts of a vehicle out of the contract pool, inside the transaction, and tells their eMSPs why; how many. */
  readonly removeContracts: (tx: Tx, pcid: Pcid, why: ContractEventType, edition?: Edition) => Promise<number>;
  /** Tells the operator of something odd that is no error. */
  readonly note: (message: string, details: Readonly<Record<string, string>>) => void;
}

export interface ProvisioningCertificatePool {
  /**
   * Checks in order: PCID form, validity, chain to an OEM or V2G root, revocation. Publishing again replaces; with a new key, the
   * contracts of that edition are removed, for the car can no longer use them.
   * Throws `pcid-form`, `certificate-refused`, `chain-refused`, `certificate-revoked`, `revocation-unknown`.
   */
  publish(vehicle: VehicleToPublish): Promise<Vehicle>;
  /**
   * The same for several, a few hundred at most, with one transaction for those that pass; what is in the pool just as it
   * comes stays as it is, unasked. The outcomes are in the order of the vehicles.
   */
  publishMany(vehicles: readonly VehicleToPublish[]): Promise<Publishing[]>;
  /** The checks of `publish`, and nothing is stored. */
  check(vehicle: VehicleToPublish): Promise<Vehicle>;
  /**
   * What is published here: the entry for the edition, or without one the entry for ISO 15118-2 before others.
   * Throws `vehicle-not-found`.
   */
  get(pcid: Pcid, edition?: Edition): Promise<Vehicle>;
  /** Its entries in all editions; none for an unknown vehicle. */
  entries(pcid: Pcid): Promise<Vehicle[]>;
  /** What a contract for the vehicle is made from. Throws `vehicle-not-available`, also when it has another edition. */
  forContract(pcid: Pcid, edition: Edition): Promise<ProvisionedVehicle>;
  /** The certificate that is published. Not inside a transaction. */
  certificateOf(pcid: Pcid, edition: Edition): Promise<CertificateOfVehicle | undefined>;
  /** Whether the vehicle is published here. */
  isKnown(pcid: Pcid): Promise<boolean>;
  /** Whether contracts can hang on it here: it is published here, or a guest. */
  holds(pcid: Pcid): Promise<boolean>;
  /** Takes in a vehicle that a peer publishes, for the sake of a contract, inside the transaction that stores that. */
  admit(tx: Tx, guest: GuestVehicle): Promise<void>;
  /** Removes a guest that a peer publishes no more, with its contracts; whether there was one. */
  dismiss(tx: Tx, pcid: Pcid, origin: string): Promise<boolean>;
  /** The chain of what is published, link by link; empty when vehicle or root have gone. */
  linksOf(pcid: Pcid, edition: Edition): Promise<readonly CertificateLink[]>;
  readonly holding: HoldingVehicles;
  /** Removes the vehicle in all editions, with its contracts. Throws `vehicle-not-found`. */
  depublish(pcid: Pcid): Promise<void>;
  /** Removes the contracts of the vehicle, as after a factory reset of the car. Throws `vehicle-not-found`. */
  resetContracts(pcid: Pcid): Promise<void>;
  count(): Promise<number>;
  /** How many certificates end from `since` on and before `until`; no more than `most` are counted. */
  countEnding(since: number, until: number, most: number): Promise<number>;
  /** All that was published, in the same order. */
  vehiclesBehind(after: Pick<Vehicle, 'pcid' | 'edition'> | undefined, limit: number): Promise<Vehicle[]>;
  /** Entries by PCID and edition, behind the given one. */
  page(after: PublishedCertificate | undefined, limit: number): Promise<PublishedCertificate[]>;
  /**
   * Removes an entry that is of no use any more, with its contracts. How many those were; undefined when the entry has
   * gone or has another certificate now.
   */
  cleanse(published: PublishedCertificate): Promise<number | undefined>;
}

export function provisioningCertificatePool(needs: ProvisioningCertificatePoolNeeds): ProvisioningCertificatePool {
  const { store, clock, anchors, removeContracts } = needs;
  const certificateNow = askedTogether<VehicleKey, CertificateOfVehicle | undefined>({
    what: 'vehicles',
    answer: (keys) => selectPublished(store.lookups, keys),
    ...LOOKUPS,
  });
  const provisionedNow = askedTogether<VehicleKey, ProvisionedVehicle | undefined>({
    what: 'vehicles for contracts',
    answer: (keys) => selectAllProvisioned(store.lookups, keys),
    ...LOOKUPS,
  });
  const guests = { store, now: () => clock.now(), removeContracts };
  return {
    ...publishing(needs),

    async get(pcid, edition) {
      const vehicles = (await selectVehicles(store.db, pcid)).filter(({ origin }) => origin === undefined);
      const vehicle = edition === undefined ? vehicles[0] : vehicles.find((entry) => entry.edition === edition);
      if (vehicle === undefined) throw refuse('vehicle-not-found');
      return vehicle;
    },

    entries: (pcid) => selectVehicles(store.db, pcid),

    async forContract(pcid, edition) {
      const vehicle = await provisionedNow({ pcid, edition });
      if (vehicle !== undefined) return vehicle;
      if ((await selectOrigins(store.db, pcid)).length === 0) throw refuse('vehicle-not-available');
      const place = `xsdMsgDefNamespace : no certificate for ${edition} is published for the vehicle`;
      throw refuseAt('vehicle-not-available', [place]);
    },

    certificateOf: (pcid, edition) => certificateNow({ pcid, edition }),

    async linksOf(pcid, edition) {
      const vehicle = (await selectVehicles(store.db, pcid)).find((entry) => entry.edition === edition);
      if (vehicle === undefined) return [];
      const { certificate: leaf, subCa1, subCa2 } = vehicle;
      return knownLinks({ leaf, subCa1, ...(subCa2 && { subCa2 }), roots: await anchors() }, chainFields);
    },

    isKnown: async (pcid) => (await selectOrigins(store.db, pcid)).includes(undefined),

    holds: async (pcid) => (await selectOrigins(store.db, pcid)).length > 0,

    admit: (tx, guest) => admitGuest(tx, guest, guests),

    dismiss: (tx, pcid, origin) => dismissGuest(tx, pcid, origin, guests),

    holding: { lock: (tx, pcids) => vehiclesLock(store, tx, pcids), vehiclesIn },

    async depublish(pcid) {
      await store.transaction(async (tx) => {
        if ((await lockVehicle(store, tx, pcid)) === undefined) throw refuse('vehicle-not-found');
        await removeContracts(tx, pcid, 'mo.prov.cert.deleted');
        await auditRemoval(tx, pcid, await deleteVehicle(tx, pcid), clock.now());
      });
    },

    async resetContracts(pcid) {
      await store.transaction(async (tx) => {
        if ((await lockVehicle(store, tx, pcid)) === undefined) throw refuse('vehicle-not-found');
        await removeContracts(tx, pcid, 'mo.prov.cert.factory.reset');
        await audit(tx, clock.now(), [{ operation: 'vehicle.reset', object: pcid }]);
      });
    },

    count: () => countEntries(store.db),

    countEnding: (since, until, most) => countEnding(store.db, since, until, most),

    vehiclesBehind: (after, limit) => selectVehiclesBehind(store.db, after, limit),

    page: (after, limit) => selectPage(store.db, after, limit),

    async cleanse({ pcid, edition, fingerprint }) {
      return await store.transaction(async (tx) => {
        const vehicle = await lockVehicle(store, tx, pcid);
        if (vehicle?.fingerprints.get(edition) !== fingerprint) return undefined;
        const contracts = await removeContracts(tx, pcid, 'mo.prov.cert.deleted', edition);
        await auditRemoval(tx, pcid, await deleteVehicle(tx, pcid, edition), clock.now());
        return contracts;
      });
    },
  };
}
