import type { Certificate, Edition, Fingerprint, Pcid } from '@plugpool/iso15118';

/** What contracts are made from: the vehicle's certificate for one edition, and the roots that its car has. */
export interface ProvisionedVehicle {
  /** The PCID as the certificate's CN shows it. */
  readonly shownPcid: string;
  readonly certificate: Certificate;
  /** The root that the chain ended at when the vehicle was published. */
  readonly rootFingerprint: Fingerprint;
  /** Key identifiers of the V2G roots that the car has, lower-case hex; empty when the OEM did not say. */
  readonly v2gRootKeyIdentifiers: readonly string[];
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
  readonly pcid: Pcid;
  readonly edition: Edition;
  /** Absent when the chain has one intermediate certificate only. */
  readonly subCa2?: Certificate;
  readonly subCa1: Certificate;
  readonly previousPcid?: Pcid;
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}
