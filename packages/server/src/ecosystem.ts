import type { ContractCertificatePool } from './ccp/contract-certificate-pool.ts';
import type { CleansingOptions, CleansingSummary } from './cleansing/cleansing.ts';
import type { CertificateProvisioningService } from './cps/certificate-provisioning-service.ts';
import type { WebhookDeliveries } from './events/delivery/webhook-deliveries.ts';
import type { WebhookEndpoints } from './events/webhook-endpoints.ts';
import type { ProvisioningCertificatePool } from './pcp/provisioning-certificate-pool.ts';
import type { RevocationService } from './pki/revocation.ts';
import type { CertificateTrustList } from './rcp/certificate-trust-list.ts';
import type { RootCertificatePool } from './rcp/root-certificate-pool.ts';

/** The capabilities that the dialects translate to. */
export interface Ecosystem {
  readonly rcp: RootCertificatePool;
  readonly trustList: CertificateTrustList;
  readonly pcp: ProvisioningCertificatePool;
  readonly cps: CertificateProvisioningService;
  readonly ccp: ContractCertificatePool;
  readonly revocation: RevocationService;
  readonly webhooks: WebhookEndpoints;
  readonly deliveries: WebhookDeliveries;
  readonly cleanse: (options: CleansingOptions) => Promise<CleansingSummary>;
}
