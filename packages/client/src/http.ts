/** What the doors for Node and for browsers have in common. */
export { type AccessTokens, type ClientCredentials, clientCredentials } from './http/access-tokens.ts';
export { CallError, type CallErrorKind } from './http/call-error.ts';
export type { Exchange, HttpCallerOptions, WireBody } from './http/http-caller.ts';
export type { RefusalKind } from './http/refusal.ts';
export type { Retries } from './http/retries.ts';
export type { Anyone, CpsCertificate, RootCertificate, RootToAdd, RootType, TrustList } from './roles/anyone.ts';
export type { CallOptions, ChangeOptions, EnrolOptions } from './roles/call-options.ts';
export type { CertificateChain, SentCertificate } from './roles/certificate-chain.ts';
export type { ContractEntry, SignedContractData } from './roles/contracts.ts';
export type { Cpo, InstallAnswer, InstallRequest } from './roles/cpo.ts';
export type { Cps, DataToAdd } from './roles/cps.ts';
export type { ContractData, ContractOrder, Emsp } from './roles/emsp.ts';
export type { CaDomain, Enrol, EstTarget } from './roles/enrolment.ts';
export type { Oem, ProvideWanted, PublishedVehicle } from './roles/oem.ts';
export type { AddedRoot, Operator, ProposedChange, RemovedRoot, Revocation } from './roles/operator.ts';
export type { RoleClients } from './roles/role-clients.ts';
export type { FetchedVehicle, VehicleReader } from './roles/vehicles.ts';
export type {
  NewWebhookEndpoint,
  WebhookEndpoint,
  WebhookEndpointChanges,
  Webhooks,
} from './roles/webhooks.ts';
