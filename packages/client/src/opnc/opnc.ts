/** The OPNC under `/opnc/v1`. */
import type { SentCertificate } from '../roles/certificate-chain.ts';
import type { Dialect } from '../roles/dialect.ts';
import { webhookSpellings } from '../roles/webhook-spellings.ts';
import { opncContracts } from './contracts.ts';
import { opncPools, prefix } from './pools.ts';

export function opnc<C extends SentCertificate>(): Dialect<C> {
  return {
    trustList: undefined,
    ...opncPools<C>(),
    ...opncContracts<C>(),
    webhooks: webhookSpellings(`${prefix}/event/endpoints`),
  };
}
