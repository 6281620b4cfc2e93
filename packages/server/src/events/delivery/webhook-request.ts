/** What goes over the wire to an endpoint: the same octets at every attempt. */
import { createHmac } from 'node:crypto';
import type { Edition } from '@plugpool/iso15118/pki';
import type { EventType } from '../event.ts';
import { eventNameFor, type WebhookEndpoint } from '../webhook-endpoint.ts';

export interface SentEvent {
  readonly id: string;
  readonly type: EventType;
  readonly edition: string | null;
  /** JSON object. */
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly occurredAt: number;
}

/** Those of the payloads' enumeration in both references; other messages have 2020 in the second. */
const namespaces: Readonly<Record<Edition, string>> = {
  'ISO15118-2': 'urn:iso:15118:2:2013:MsgDef',
  'ISO15118-20': 'urn:iso:15118:20:2022:MsgDef',
};

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The texts that the party was given, as UTF-8. */
export interface SigningSecrets {
  readonly current: Uint8Array;
  /** The one before, while it is good. */
  readonly previous?: Uint8Array | undefined;
}

export function webhookRequest(
  event: SentEvent,
  endpoint: WebhookEndpoint,
  { current, previous }: SigningSecrets,
): WebhookRequest {
  const namespace = Object.entries(namespaces).find(([edition]) => edition === event.edition)?.[1];
  const content = {
    timestamp: new Date(event.occurredAt).toISOString(),
    eventId: event.id,
    eventType: eventNameFor(event.type, endpoint),
    ...(namespace !== undefined && { xsdMsgDefNamespace: namespace }),
    payload: JSON.parse(event.payload),
  };
  const body = Buffer.from(JSON.stringify(content));
  const signatureWith = (secret: Uint8Array) => createHmac('sha256', secret).update(body).digest('hex');
  const signature = signatureWith(current);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'plugpool',
      'X-Operator-Signature': signature,
      'X-Hubject-Signature': `sha256=${signature}`,
      'payload-signature': signature,
      ...(previous && { 'X-Operator-Signature-Previous': signatureWith(previous) }),
    },
  };
}
