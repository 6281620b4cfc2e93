/** A vehicle as it is written down to be published, in the fields of whichever dialect. */
import { validatorOf } from '../http/validation.ts';
import type { VehicleToPublish } from '../pcp/provisioning-certificate-pool.ts';
import { vehicleOf as vehicleOfOpcp } from './opcp/pool-routes.ts';
import { ProvisioningCertificateBody as OpcpBody } from './opcp/schemas.ts';
import { vehicleOf as vehicleOfOpnc } from './opnc/pool-routes.ts';
import { ProvisioningCertificateBody as OpncBody } from './opnc/schemas.ts';

const asOpnc = validatorOf(OpncBody, 'vehicle');
const asOpcp = validatorOf(OpcpBody, 'vehicle');

/** @throws ValidationError, DomainError as the publishing of the dialect does */
export async function writtenVehicle(value: unknown): Promise<VehicleToPublish> {
  const isOpnc = typeof value === 'object' && value !== null && 'provisioningCertificateChain' in value;
  return isOpnc ? vehicleOfOpnc(await asOpnc(value)) : vehicleOfOpcp(await asOpcp(value));
}
