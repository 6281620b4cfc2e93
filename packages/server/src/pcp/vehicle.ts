import type { Certificate, Edition, Fingerprint, Pcid } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import type { OwnStatus } from '../pki/own-status.ts';
import type { Tx } from '../store/store.ts';

/** What contracts are made from: the vehicle's certificate for one edition, and the roots that its car has. */
export interface ProvisionedVehicle {
  /** The PCID as the certificate's CN shows it. */
  readonly shownPcid: string;
  /** No more of it than contracts need. */
  readonly certificate: Pick<Certificate, 'der' | 'fingerprint' | 'publicKey'>;
  /** The root that the chain ended at when the vehicle was published. */
  readonly rootFingerprint: Fingerprint;
  /** Key identifiers of the V2G roots that the car has, lower-case hex; empty when the OEM did not say. */
  readonly v2gRootKeyIdentifiers: readonly string[];
  /** The peer that publishes the vehicle; absent when it is published here. */
  readonly origin?: string;
}

/** A vehicle that a peer publishes, kept for the contracts that it has here. */
export interface GuestVehicle extends Vehicle {
  readonly origin: string;
}

/** With what a peer has just told of it, to be taken in together with its contract. */
export interface VehicleForContract extends ProvisionedVehicle {
  readonly guest?: GuestVehicle;
}

/** Whether two certificates are of one key, so that an envelope for the one opens for the other. */
export function sameKey(one: WithKey, other: WithKey): boolean {
  return Buffer.compare(one.publicKey.spki, other.publicKey.spki) === 0;
}

type WithKey = Pick<Certificate, 'publicKey'>;

/** Which certificate is published for a vehicle and an edition, and how that stands if it is one of our own. */
export interface CertificateOfVehicle {
  readonly fingerprint: Fingerprint;
  readonly ownStatus: OwnStatus;
}

/** Which certificate is published for a vehicle and an edition, and until when it is valid. */
export interface PublishedCertificate {
  readonly pcid: Pcid;
  readonly edition: Edition;
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds. */
  readonly validTo: number;
}

/** A vehicle with all that was published of it. */
export interface Vehicle extends ProvisionedVehicle {
  readonly certificate: Certificate;
  readonly pcid: Pcid;
  readonly edition: Edition;
  /** Absent when the chain has one intermediate certificate only. */
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  readonly previousPcid?: Pcid;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

/** Of an entry that is held. */
export interface HeldVehicleRow {
  readonly pcid: string;
  readonly shown_pcid: string;
  readonly edition: string;
  readonly fingerprint: string;
}

/** How others hold vehicles together with what they have to ask themselves. */
export interface HoldingVehicles {
  /** Holds those of the vehicles that are in the pool until the end of the transaction. */
  lock(tx: Tx, pcids: readonly Pcid[]): CompiledQuery<HeldVehicleRow>;
  vehiclesIn(rows: readonly HeldVehicleRow[]): ReadonlyMap<Pcid, HeldVehicle>;
}

/** A vehicle that nobody else changes until the end of a transaction. */
export interface HeldVehicle {
  /** As its certificate shows it. */
  readonly shownPcid: string;
  /** Of the certificates that are published for it. */
  readonly fingerprints: ReadonlyMap<Edition, Fingerprint>;
}
