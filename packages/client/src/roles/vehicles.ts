/** Reading the provisioning pool, which several roles do. */
import type { Certificate, Edition } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import type { CallOptions } from './call-options.ts';
import type { CertificateChain, SentCertificate } from './certificate-chain.ts';
import type { Dialect, Run } from './dialect.ts';

export interface VehicleReader<C extends SentCertificate = Certificate> {
  /** In one edition; a vehicle of both, in the ecosystem's choice when none is asked for. */
  fetchVehicle(pcid: string, options?: CallOptions & { readonly edition?: Edition }): Promise<FetchedVehicle<C>>;
  /** Whether the ecosystem knows the vehicle. */
  lookupVehicle(pcid: string, options?: CallOptions): Promise<boolean>;
}

export interface FetchedVehicle<C extends SentCertificate = Certificate> extends CertificateChain<C> {
  readonly edition: Edition | undefined;
  /** SHA-256 of the vehicle's certificate, as the pool says. */
  readonly fingerprint: string | undefined;
  /** As the manufacturer wrote them, hexadecimal with colons. */
  readonly v2gRootKeyIdentifiers: readonly string[];
}

export function vehicleReader<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): VehicleReader<C> {
  return {
    fetchVehicle: (pcid, { edition, ...options } = {}) => run(dialect.vehicle, { pcid, edition }, options),

    async lookupVehicle(pcid, options) {
      try {
        await run(dialect.lookupVehicle, pcid, options);
        return true;
      } catch (error) {
        if (error instanceof CallError && error.status === 404) return false;
        throw error;
      }
    },
  };
}
