export * from './http.ts';
export { opcpClient } from './opcp/opcp-client.ts';
export { opncClient } from './opnc/opnc-client.ts';
export type { ContractKey } from './vehicle/contract-key.ts';
export { verifyInstallationRes } from './vehicle/installation-response.ts';
export { type VerifiedResponse20, verifyInstallationRes20 } from './vehicle/installation-response-20.ts';
export type { ProvisioningChain } from './vehicle/provisioning.ts';
export type {
  ContractRequest,
  InstalledContract,
  SimulatedVehicleOptions,
  WantedContracts,
} from './vehicle/simulated-vehicle.ts';
export { SimulatedVehicle } from './vehicle/simulated-vehicle.ts';
export { VehicleRefusal, type VehicleRefusalCode } from './vehicle/vehicle-refusal.ts';
export type { ResponseCircumstances, VerifiedResponse } from './vehicle/verified-response.ts';
