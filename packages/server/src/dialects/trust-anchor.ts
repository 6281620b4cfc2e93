import { formatName } from '@plugpool/iso15118/pki';
import type { Vehicle } from '../pcp/vehicle.ts';
import type { RootCertificatePool } from '../rcp/root-certificate-pool.ts';
import { colonHex } from './response-fields.ts';

/** What the dialects tell of the root that a vehicle's chain ends at. */
export interface TrustAnchor {
  readonly distinguishedName: string;
  /** Hexadecimal; empty when the root has left the pool since. */
  readonly serialNumber: string;
  /** Hexadecimal with colons. */
  readonly keyIdentifier: string;
}

/** From the root itself, or, when it has left the pool, from what the sub CA says of its issuer. */
export async function trustAnchorOf(vehicle: Vehicle, rcp: Pick<RootCertificatePool, 'find'>): Promise<TrustAnchor> {
  const root = (await rcp.find(vehicle.rootFingerprint))?.certificate;
  const keyIdentifier = root?.subjectKeyIdentifier ?? vehicle.subCa1.authorityKeyIdentifier;
  return {
    distinguishedName: formatName(root?.subject ?? vehicle.subCa1.issuer),
    serialNumber: root?.serialHex ?? '',
    keyIdentifier: keyIdentifier === undefined ? '' : colonHex(keyIdentifier),
  };
}
