/**
 * What a dialect is to the clients: for each operation, how its request is written and its answer read. Nothing is sent
 * here, and no dialect knows of roles, tokens or repeated calls.
 */
import type { Edition } from '@plugpool/iso15118';
import { CallError } from '../http/call-error.ts';
import type { Call } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import type { CpsCertificate, RootCertificate, RootToAdd, RootType, TrustList } from './anyone.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { ContractEntry, SignedContractData } from './contracts.ts';
import type { InstallRequest } from './cpo.ts';
import type { DataToAdd } from './cps.ts';
import type { ContractData, ContractOrder } from './emsp.ts';
import type { EstTarget } from './enrolment.ts';
import type { ProvideWanted, PublishedVehicle } from './oem.ts';
import type { AddedRoot, RemovedRoot, Revocation } from './operator.ts';
import type { FetchedVehicle } from './vehicles.ts';
import type { NewWebhookEndpoint, WebhookEndpoint, WebhookEndpointChanges } from './webhooks.ts';

/** An answer of 2xx, and of an installation request whatever holds something for the car. */
export interface Received<C> {
  readonly status: number;
  readonly body: Uint8Array;
  readonly json: () => JsonAnswer<C>;
  /** The certificates of a certs-only CMS message in base64 (RFC 7030 §4.1.3), in their order. */
  readonly certificates: () => C[];
  /** The refusal of an answer that is not what the interface promises. */
  readonly bad: (why: string, cause?: Error) => CallError;
}

export interface Spelling<Input, Output, C> {
  readonly call: (input: Input) => Omit<Call, 'signal' | 'repeatable'>;
  readonly read: (received: Received<C>) => Output;
}

/** Makes the call that a spelling writes. */
export type Run<C> = <Input, Output>(
  spelling: Spelling<Input, Output, C>,
  input: Input,
  options?: { readonly signal?: AbortSignal | undefined; readonly repeatable?: boolean },
) => Promise<Output>;

export interface Dialect<C extends SentCertificate> {
  // Root certificate pool
  readonly roots: Spelling<RootType | undefined, RootCertificate<C>[], C>;
  readonly root: Spelling<string, RootCertificate<C>, C>;
  readonly addRoot: Spelling<RootToAdd, AddedRoot<C>, C>;
  readonly removeRoot: Spelling<string, RemovedRoot, C>;
  /** Absent from the OPNC. */
  readonly trustList: Spelling<undefined, TrustList<C>, C> | undefined;

  // Provisioning certificate pool
  readonly publishVehicle: Spelling<PublishedVehicle, void, C>;
  readonly vehicle: Spelling<{ readonly pcid: string; readonly edition: Edition | undefined }, FetchedVehicle<C>, C>;
  readonly depublishVehicle: Spelling<string, void, C>;
  readonly lookupVehicle: Spelling<string, void, C>;

  // Certificate provisioning service
  readonly signContractData: Spelling<ContractData, SignedContractData, C>;
  readonly generateAndSign: Spelling<ContractOrder, void, C>;
  readonly cpsCertificates: Spelling<undefined, CpsCertificate<C>[], C>;

  // Contract certificate pool
  readonly contractsByEmaid: Spelling<ContractsOf, ContractEntry<C>[], C>;
  readonly contractsByPcid: Spelling<ContractsOf, ContractEntry<C>[], C>;
  readonly installByRequest: Spelling<InstallRequest, SignedContractData[], C>;
  readonly addSignedContractData: Spelling<DataToAdd, void, C>;
  readonly withdraw: Spelling<{ readonly emaid: string; readonly skipRevocation: boolean }, void, C>;
  readonly provide: Spelling<ProvideWanted, SignedContractData[], C>;
  readonly setDefault: Spelling<{ readonly emaid: string; readonly pcid: string }, void, C>;

  readonly webhooks: {
    readonly create: Spelling<NewWebhookEndpoint, WebhookEndpoint, C>;
    readonly list: Spelling<undefined, WebhookEndpoint[], C>;
    readonly get: Spelling<string, WebhookEndpoint, C>;
    readonly change: Spelling<{ readonly id: string; readonly changes: WebhookEndpointChanges }, WebhookEndpoint, C>;
    readonly remove: Spelling<string, void, C>;
  };

  // Public key infrastructure
  readonly enrol: Spelling<{ readonly target: EstTarget; readonly request: Uint8Array }, C, C>;
  readonly caCertificates: Spelling<EstTarget, C[], C>;
  /** Absent from the OPCP. */
  readonly revoke: Spelling<Revocation<SentCertificate>, void, C> | undefined;
}

/** By EMAID or PCID. */
export interface ContractsOf {
  readonly id: string;
  readonly edition?: Edition | undefined;
  readonly cpsRootFingerprint?: string | undefined;
}

/** @throws CallError `not-in-dialect` for an operation that the dialect of a client does not have */
export function inDialect<S>(spelling: S | undefined, operation: string): S {
  if (spelling !== undefined) return spelling;
  throw new CallError('not-in-dialect', operation, 'the dialect of this client has no such operation');
}

/** For operations whose answer says nothing. */
export const nothing = (): void => undefined;
