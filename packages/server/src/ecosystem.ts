import type { Approvals } from './approvals/approvals.ts';
import type { ContractCertificatePool } from './ccp/contract-certificate-pool.ts';
import type { ContractEntries } from './ccp/contract-entries.ts';
import type { ContractListing } from './ccp/contract-listing.ts';
import type { CleansingOptions, CleansingSummary } from './cleansing/cleansing.ts';
import type { CertificateProvisioningService } from './cps/certificate-provisioning-service.ts';
import type { WebhookDeliveries } from './events/delivery/webhook-deliveries.ts';
import type { WebhookEndpoints } from './events/webhook-endpoints.ts';
import type { Federation } from './federation/federation.ts';
import type { PeerEvents } from './federation/peer-events.ts';
import type { PeerRegister } from './federation/peer-register.ts';
import type { PeerRoots } from './federation/peer-roots.ts';
import type { History } from './history/history.ts';
import type { ProvisioningCertificatePool } from './pcp/provisioning-certificate-pool.ts';
import type { VehicleListing } from './pcp/vehicle-listing.ts';
import type { IssuedCertificates } from './pki/issued-certificates.ts';
import type { RevocationService } from './pki/revocation.ts';
import type { CertificateTrustList } from './rcp/certificate-trust-list.ts';
import type { RootCertificatePool } from './rcp/root-certificate-pool.ts';

/** The capabilities that the dialects translate to. */
export interface Ecosystem {
  /** Roots come and go by `approvals` only. */
  readonly rcp: Omit<RootCertificatePool, 'add' | 'remove'>;
  readonly approvals: Approvals;
  readonly trustList: CertificateTrustList;
  readonly pcp: ProvisioningCertificatePool;
  readonly cps: CertificateProvisioningService;
  readonly ccp: ContractCertificatePool;
  readonly revocation: RevocationService;
  readonly webhooks: WebhookEndpoints;
  readonly deliveries: WebhookDeliveries;
  /** What is in the pools, and what became of it, as operators look at it. */
  readonly vehicles: VehicleListing;
  readonly contracts: ContractListing;
  readonly contractEntries: ContractEntries;
  readonly issued: IssuedCertificates;
  readonly history: History;
  readonly peers: PeerRegister;
  readonly federation: Federation;
  readonly peerEvents: PeerEvents;
  /** Throws `peer-not-found`, `peer-unanswered`. */
  readonly rootsOfPeer: (peerId: string) => Promise<PeerRoots>;
  readonly cleanse: (options: CleansingOptions) => Promise<CleansingSummary>;
}
