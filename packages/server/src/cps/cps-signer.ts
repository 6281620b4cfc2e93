import { algorithms, type Certificate, type CurveName, type Fingerprint } from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import type { ProvisionedVehicle } from '../pcp/vehicle.ts';
import type { CpsSigner } from '../pki/public-key-infrastructure.ts';

/** The V2G roots that a vehicle has, as far as the OEM said or its own chain shows. */
type RootsOfVehicle = Pick<ProvisionedVehicle, 'v2gRootKeyIdentifiers' | 'rootFingerprint'>;

/**
 * The signer on the curve of the contract: under the asked root, else under a root that the vehicle has, else the first.
 * Throws `cps-root-unknown` for a root that was asked for and has no signer, `edition-unavailable` without any signer.
 */
export function chooseSigner(
  signers: readonly CpsSigner[],
  curve: CurveName,
  asked: Fingerprint | undefined,
  vehicle: RootsOfVehicle | undefined,
): CpsSigner {
  const candidates = signers.filter(({ certificate }) => certificate.publicKey.curve === curve);
  if (asked !== undefined) {
    const underAsked = candidates.find(({ root }) => root.fingerprint === asked);
    if (underAsked === undefined) throw refuse('cps-root-unknown', asked);
    return underAsked;
  }
  const chosen = candidates.find(({ root }) => vehicle !== undefined && has(vehicle, root)) ?? candidates[0];
  if (chosen === undefined) throw refuse('edition-unavailable', algorithms[curve].edition);
  return chosen;
}

function has(vehicle: RootsOfVehicle, root: Certificate): boolean {
  if (vehicle.v2gRootKeyIdentifiers.length === 0) return vehicle.rootFingerprint === root.fingerprint;
  const { subjectKeyIdentifier } = root;
  return (
    subjectKeyIdentifier !== undefined &&
    vehicle.v2gRootKeyIdentifiers.includes(Buffer.from(subjectKeyIdentifier).toString('hex'))
  );
}
