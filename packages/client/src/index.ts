export { CallError, type CallErrorKind } from './http/call-error.ts';
export type { Exchange, HttpCallerOptions } from './http/http-caller.ts';
export type { Anyone, CpsCertificate, RootCertificate, RootType } from './opnc/anyone.ts';
export type { CertificateChain } from './opnc/certificate-chain.ts';
export type { ContractEntry } from './opnc/contract-entry.ts';
export type { Cpo, InstallAnswer, InstallRequest } from './opnc/cpo.ts';
export type { ContractData, ContractOrder, Emsp, FetchedVehicle } from './opnc/emsp.ts';
export type { Oem, ProvideWanted, PublishedVehicle } from './opnc/oem.ts';
export type { CaDomain, CallOptions, EnrolOptions, EstTarget } from './opnc/opnc-calls.ts';
export { type OpncClient, opncClient } from './opnc/opnc-client.ts';
export type { SignedContractData } from './opnc/signed-contract-data.ts';
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
