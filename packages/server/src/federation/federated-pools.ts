/** The pools as callers see them: what is unknown here is asked of the peers. The pools themselves know of no peers. */
import type { Edition, Pcid } from '@plugpool/iso15118/pki';
import type { ContractCertificatePool } from '../ccp/contract-certificate-pool.ts';
import { DomainError, type DomainErrorKind } from '../kernel/domain-error.ts';
import type { ProvisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import type { VehicleForContract } from '../pcp/vehicle.ts';
import type { Federation } from './federation.ts';

export function vehiclesOfAll(pcp: ProvisioningCertificatePool, federation: Federation): ProvisioningCertificatePool {
  return {
    ...pcp,

    async get(pcid, edition) {
      const here = await orRefusal('vehicle-not-found', pcp.get(pcid, edition));
      if (!(here instanceof DomainError)) return here;
      // A vehicle has one home: what is published here in another edition is not looked for elsewhere.
      const found = (await pcp.isKnown(pcid)) ? undefined : await federation.vehicle(pcid, edition);
      if (found === undefined) throw here;
      return found;
    },

    isKnown: async (pcid) => (await pcp.isKnown(pcid)) || (await federation.isKnown(pcid)),
  };
}

export function contractsOfAll(ccp: ContractCertificatePool, federation: Federation): ContractCertificatePool {
  return {
    ...ccp,

    async install(request) {
      const here = await ccp.install(request);
      if (here.ok || here.error.kind !== 'contract-or-vehicle-not-found') return here;
      const contracts = await federation.install(request);
      if (contracts === undefined) return here;
      await ccp.auditForeign(contracts);
      return { ok: true, contracts };
    },
  };
}

/**
 * What a contract is made from, for a vehicle of this ecosystem or of a peer. A guest is asked for again, for its peer
 * may publish another certificate by now; when no peer answers, what is kept of it has to do.
 * Throws `vehicle-not-available`.
 */
export async function vehicleForContract(
  pcid: Pcid,
  edition: Edition,
  { pcp, federation }: { readonly pcp: ProvisioningCertificatePool; readonly federation: Federation },
): Promise<VehicleForContract> {
  const here = await orRefusal('vehicle-not-available', pcp.forContract(pcid, edition));
  const isMissing = here instanceof DomainError;
  if (!isMissing && here.origin === undefined) return here;
  const guest = (await pcp.isKnown(pcid)) ? undefined : await federation.vehicle(pcid, edition);
  if (guest !== undefined) return { ...guest, guest };
  if (isMissing) throw here;
  return here;
}

async function orRefusal<T>(kind: DomainErrorKind, work: Promise<T>): Promise<T | DomainError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof DomainError && error.kind === kind) return error;
    throw error;
  }
}
