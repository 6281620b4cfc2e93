/** The OPCP 1.0 under `/v1`, with EST under `/.well-known`. It has no operation for revoking. */
import type { SentCertificate } from '../roles/certificate-chain.ts';
import type { Dialect } from '../roles/dialect.ts';
import { webhookSpellings } from '../roles/webhook-spellings.ts';
import { opcpContracts } from './contracts.ts';
import { opcpPools } from './pools.ts';

export function opcp<C extends SentCertificate>(): Dialect<C> {
  const webhooks = webhookSpellings<C>('/v1/webhook/endpoints');
  return { ...opcpPools<C>(), ...opcpContracts<C>(), webhooks, revoke: undefined };
}
