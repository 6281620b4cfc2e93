import type { CallOptions, ChangeOptions } from './call-options.ts';
import type { SentCertificate } from './certificate-chain.ts';
import type { Dialect, Run } from './dialect.ts';

/** Where a party hears of events; each role has its own endpoints. */
export interface Webhooks {
  /** Only this answer has the endpoint's secret. */
  create(endpoint: NewWebhookEndpoint, options?: CallOptions): Promise<WebhookEndpoint>;
  list(options?: CallOptions): Promise<WebhookEndpoint[]>;
  get(id: string, options?: CallOptions): Promise<WebhookEndpoint>;
  /** What is left out stays as it is. */
  change(id: string, changes: WebhookEndpointChanges, options?: ChangeOptions): Promise<WebhookEndpoint>;
  remove(id: string, options?: ChangeOptions): Promise<void>;
}

export interface NewWebhookEndpoint {
  readonly url: string;
  /** Such as `oem.contract.created`. */
  readonly enabledEvents: readonly string[];
  readonly description?: string;
  /** Only events of these vehicles; all of the party's own when not given. */
  readonly wmis?: readonly string[];
  readonly status?: 'enabled' | 'disabled';
}

/** The references want the URL every time. */
export type WebhookEndpointChanges = Pick<NewWebhookEndpoint, 'url'> & Partial<NewWebhookEndpoint>;

export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  readonly enabledEvents: readonly string[];
  readonly description: string | undefined;
  /** `enabled` or `disabled`. */
  readonly status: string | undefined;
  readonly wmis: readonly string[];
  readonly providerIds: readonly string[];
  /** Key of the HMAC-SHA256 that signs what is delivered. */
  readonly secret: string | undefined;
}

export function webhooks<C extends SentCertificate>(dialect: Dialect<C>, run: Run<C>): Webhooks {
  return {
    create: (endpoint, options) => run(dialect.webhooks.create, endpoint, options),
    list: (options) => run(dialect.webhooks.list, undefined, options),
    get: (id, options) => run(dialect.webhooks.get, id, options),
    change: (id, changes, options) => run(dialect.webhooks.change, { id, changes }, options),
    remove: (id, options) => run(dialect.webhooks.remove, id, options),
  };
}
