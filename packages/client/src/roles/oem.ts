import type { Certificate, Edition } from '@plugpool/iso15118';
import type { CallOptions, ChangeOptions, EnrolOptions } from './call-options.ts';
import type { CertificateChain, SentCertificate } from './certificate-chain.ts';
import type { ContractEntry, SignedContractData } from './contracts.ts';
import type { Dialect, Run } from './dialect.ts';
import { type Enrol, enrolIn } from './enrolment.ts';
import { type VehicleReader, vehicleReader } from './vehicles.ts';

/** The backend of a vehicle manufacturer. */
export interface Oem<C extends SentCertificate = Certificate> extends VehicleReader<C> {
  /** For the provisioning certificate: the common name of the request is the PCID. */
  readonly enrol: Enrol<C>;
  /** The certificate with which a car of ISO 15118-20 opens TLS connections (`veh`). */
  enrolForTls(request: Uint8Array, options?: EnrolOptions): Promise<C>;
  publishVehicle(vehicle: PublishedVehicle, options?: ChangeOptions): Promise<void>;
  depublishVehicle(pcid: string, options?: ChangeOptions): Promise<void>;
  contractsOf(pcid: string, options?: CallOptions & { readonly edition?: Edition }): Promise<ContractEntry<C>[]>;
  /** The signed contract data of one contract, for delivery through the manufacturer's own channel. */
  provide(wanted: ProvideWanted, options?: CallOptions): Promise<SignedContractData[]>;
  setDefault(emaid: string, pcid: string, options?: CallOptions): Promise<void>;
}

export interface PublishedVehicle extends CertificateChain<SentCertificate> {
  readonly edition: Edition;
  /** Key identifiers of the V2G roots in the car. */
  readonly v2gRootKeyIdentifiers?: readonly Uint8Array[];
  readonly previousPcid?: string;
}

export interface ProvideWanted {
  readonly emaid: string;
  readonly pcid: string;
  readonly edition?: Edition;
  /** Up to 8 octets that shall stand in the header of the message. */
  readonly sessionId?: Uint8Array;
  readonly cpsRootFingerprint?: string;
}

export function oem<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Oem<C> {
  const enrolForTls = enrolIn('veh', dialect, run);
  return {
    ...vehicleReader(dialect, run),
    enrol: enrolIn('oem', dialect, run),
    enrolForTls: (request, options) => enrolForTls('ISO15118-20', request, options),
    publishVehicle: (vehicle, options) => run(dialect.publishVehicle, vehicle, options),
    depublishVehicle: (pcid, options) => run(dialect.depublishVehicle, pcid, options),
    contractsOf: (pcid, { edition, ...options } = {}) => run(dialect.contractsByPcid, { id: pcid, edition }, options),
    provide: (wanted, options) => run(dialect.provide, wanted, options),
    setDefault: (emaid, pcid, options) => run(dialect.setDefault, { emaid, pcid }, options),
  };
}
