/** Webhook endpoints are alike in both dialects but for their path. */
import { pathOf } from '../http/http-caller.ts';
import type { JsonAnswer } from '../http/json-answer.ts';
import { jsonBody } from '../http/json-body.ts';
import type { SentCertificate } from './certificate-chain.ts';
import { type Dialect, nothing } from './dialect.ts';
import type { NewWebhookEndpoint, WebhookEndpoint } from './webhooks.ts';
import { textIn, textsIn } from './wire-values.ts';

/** @param path of all endpoints */
export function webhookSpellings<C extends SentCertificate>(path: string): Dialect<C>['webhooks'] {
  const one = (id: string) => path + pathOf`/${id}`;
  return {
    create: {
      call: (wanted) => ({ method: 'POST', path, body: jsonBody(fieldsOf(wanted)) }),
      read: ({ json }) => endpoint(json()),
    },
    list: {
      call: () => ({ method: 'GET', path }),
      read: ({ json }) => json().list(endpoint),
    },
    get: {
      call: (id) => ({ method: 'GET', path: one(id) }),
      read: ({ json }) => endpoint(json()),
    },
    change: {
      call: ({ id, changes }) => ({ method: 'PUT', path: one(id), body: jsonBody(fieldsOf(changes)) }),
      read: ({ json }) => endpoint(json()),
    },
    remove: {
      call: (id) => ({ method: 'DELETE', path: one(id) }),
      read: nothing,
    },
  };
}

/** The OPNC's requests have `wmi` where its answers and the OPCP have `wmis`. */
function fieldsOf({ wmis, ...fields }: Partial<NewWebhookEndpoint>) {
  return { ...fields, wmi: wmis, wmis };
}

function endpoint<C>(data: JsonAnswer<C>): WebhookEndpoint {
  return {
    id: data.at('id').text(),
    url: data.at('url').text(),
    // One example of the OPCP calls them `events`.
    enabledEvents: textsIn(data, 'enabledEvents') ?? textsIn(data, 'events') ?? [],
    description: textIn(data, 'description'),
    status: textIn(data, 'status'),
    wmis: textsIn(data, 'wmis') ?? [],
    providerIds: textsIn(data, 'providerIds') ?? [],
    secret: textIn(data, 'secret'),
  };
}
