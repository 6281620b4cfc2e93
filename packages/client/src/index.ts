export * from './http.ts';
export { actorsOf, type LifeActors, type LifeDialect, lifeDialects } from './life/actors.ts';
export type { Mode } from './life/contract-steps.ts';
export { editionsOf, hasSeveralContracts, type LifeEdition, lifeEditions } from './life/editions.ts';
export { type Identifiers, type Issuers, randomIdentifiers } from './life/identifiers.ts';
export { subCasOf } from './life/issuers.ts';
export { type Outcome, playLife } from './life/life.ts';
export { type PlayedStep, recorder, StepFailed } from './life/played-step.ts';
export { randomText } from './life/random-text.ts';
export { NotAsItMustBe, type Play, type Step } from './life/step.ts';
export { gatherSurroundings, type Surroundings as LifeSurroundings } from './life/surroundings.ts';
export { opcpClient } from './opcp/opcp-client.ts';
export { opncClient } from './opnc/opnc-client.ts';
export { type QuickStartClients, quickStartClient } from './quickstart/quick-start-client.ts';
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
