/**
 * Events of a peer: an endpoint at the peer that points here, and what is done with what it tells. An event is a reason
 * to look again, never a fact: what it says of a vehicle is asked of the peer and judged as any of its answers.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { IdentifierError, type Pcid, parsePcid } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Secrets } from '../keys/key-store.ts';
import type { ProvisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import type { Store, Tx } from '../store/store.ts';
import { callFailureIn } from './call-failure.ts';
import type { Federation } from './federation.ts';
import type { Peer, PeerDialect } from './peer.ts';
import type { ClientsOf } from './peer-clients.ts';
import type { PeerRegister } from './peer-register.ts';
import { answered } from './peer-roots.ts';
import {
  deleteSubscription,
  insertUsed,
  isUsed,
  type SubscriptionRow,
  selectSubscription,
  upsertSubscription,
} from './subscription-queries.ts';

export interface Subscription {
  /** The peer's id of our endpoint. */
  readonly endpointId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface PeerEvents {
  /** Throws `peer-not-found`, `subscription-not-found`. */
  subscription(peerId: string): Promise<Subscription>;
  /** Makes an endpoint at the peer, in place of the one that was there. Throws `peer-not-found`, `peer-unanswered`. */
  subscribe(peerId: string): Promise<Subscription>;
  /** Removes it, also when the peer does not answer. Throws `peer-not-found`, `subscription-not-found`. */
  unsubscribe(peerId: string): Promise<void>;
  /**
   * Throws `subscription-not-found`; `not-authenticated` for a wrong signature; `field-invalid` for what is no event, or
   * too old or from the future. An event that was used is taken again and changes nothing.
   */
  receive(peerId: string, event: SignedEvent): Promise<void>;
}

export interface SignedEvent {
  /** The octets as they came. */
  readonly body: Uint8Array;
  /** Hexadecimal HMAC-SHA256 of them. */
  readonly signature: string | undefined;
}

export interface PeerEventsNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly register: Pick<PeerRegister, 'get'>;
  readonly clientsOf: ClientsOf;
  readonly federation: Pick<Federation, 'vehicleOf' | 'forget'>;
  readonly pcp: Pick<ProvisioningCertificatePool, 'entries' | 'admit' | 'dismiss' | 'resetContracts'>;
  readonly publicUrl: string;
  readonly deadlineMs: number;
}

/** In OPCP's spelling; `emsp.` is OPNC's word for `mo.`. */
const wanted = [
  'mo.prov.cert.updated',
  'mo.prov.cert.deleted',
  'mo.prov.cert.factory.reset',
  'oem.contract.created',
  'oem.contract.updated',
  'oem.contract.deleted',
  'root.cert.added',
  'root.cert.expired',
  'root.cert.revoked',
] as const;

/** Longer than a peer tries again. */
const OLDEST_MS = 86_400_000;
const CLOCKS_APART_MS = 300_000;
const KEPT_MS = 2 * OLDEST_MS;

export function peerEvents(needs: PeerEventsNeeds): PeerEvents {
  const { store, clock, secrets, register, clientsOf, federation, pcp, publicUrl, deadlineMs } = needs;

  async function kept(peerId: string): Promise<SubscriptionRow> {
    const row = await selectSubscription(store.db, peerId);
    if (row === undefined) throw refuse('subscription-not-found');
    return row;
  }

  async function removeAt(peer: Peer, endpointId: string): Promise<void> {
    try {
      const { webhooks } = await clientsOf(peer);
      await webhooks.remove(endpointId);
    } catch (error) {
      // Ours has no secret for it any more, so whatever it still sends is refused.
      if ((await callFailureIn(error)) === undefined) throw error;
    }
  }

  return {
    async subscription(peerId) {
      const { id } = await register.get(peerId);
      return shown(await kept(id));
    },

    async subscribe(peerId) {
      const peer = await register.get(peerId);
      const before = await selectSubscription(store.db, peer.id);
      const { webhooks } = await clientsOf(peer);
      const made = await answered(
        webhooks.create(
          { url: `${publicUrl}/federation/v1/events/${peer.id}`, enabledEvents: wanted.map(spelledFor(peer.dialect)) },
          { signal: AbortSignal.timeout(deadlineMs) },
        ),
      );
      if (made.secret === undefined) throw refuse('peer-unanswered', 'it gives no secret for the endpoint');
      const row: SubscriptionRow = {
        peer_id: peer.id,
        endpoint_id: made.id,
        secret: secrets.seal(secretName(peer.id), Buffer.from(made.secret)),
        created_at: clock.now(),
      };
      await store.transaction(async (tx) => {
        await upsertSubscription(tx, row);
        await audit(tx, clock.now(), [{ operation: 'peer.subscribe', object: peer.id, after: made.id }]);
      });
      if (before !== undefined) await removeAt(peer, before.endpoint_id);
      return shown(row);
    },

    async unsubscribe(peerId) {
      const peer = await register.get(peerId);
      const { endpoint_id: endpointId } = await kept(peer.id);
      await store.transaction(async (tx) => {
        await deleteSubscription(tx, peer.id);
        await audit(tx, clock.now(), [{ operation: 'peer.unsubscribe', object: peer.id, before: endpointId }]);
      });
      await removeAt(peer, endpointId);
    },

    async receive(peerId, { body, signature }) {
      const { secret } = await kept(peerId);
      checkSignature(body, signature, secrets.open(secretName(peerId), secret));
      const event = readEvent(body, clock.now());
      if (await isUsed(store.db, peerId, event.id)) return;
      federation.forget();
      const apply = await whatToDo(await register.get(peerId), event, { federation, pcp });
      await store.transaction(async (tx) => {
        await apply(tx);
        const at = clock.now();
        await insertUsed(tx, { peerId, eventId: event.id, at, since: at - KEPT_MS });
      });
    },
  };
}

type Apply = (tx: Tx) => Promise<unknown>;
const nothing: Apply = async () => undefined;

/** The peer is asked here, outside of the transaction; whatever is done may be done twice. */
async function whatToDo(
  peer: Peer,
  { type, pcid }: ReceivedEvent,
  { federation, pcp }: Pick<PeerEventsNeeds, 'federation' | 'pcp'>,
): Promise<Apply> {
  if (pcid === undefined || !type.startsWith('mo.prov.cert.')) return nothing;
  const guests = (await pcp.entries(pcid)).filter(({ origin }) => origin === peer.id);
  const [guest] = guests;
  if (guest === undefined) return nothing;
  if (type.endsWith('factory.reset')) {
    await pcp.resetContracts(pcid);
    return nothing;
  }
  const now = await answered(federation.vehicleOf(peer, pcid, guest.edition));
  return now === undefined ? (tx) => pcp.dismiss(tx, pcid, peer.id) : (tx) => pcp.admit(tx, now);
}

/** The name under which the secret of a subscription is sealed. */
function secretName(peerId: string): string {
  return `peer-subscription:${peerId}`;
}

function shown({ endpoint_id, created_at }: SubscriptionRow): Subscription {
  return { endpointId: endpoint_id, createdAt: created_at };
}

function spelledFor(dialect: PeerDialect): (type: string) => string {
  return (type) => (dialect === 'opcp' ? type : type.replace(/^mo\./, 'emsp.'));
}

function checkSignature(body: Uint8Array, shownSignature: string | undefined, secret: Uint8Array): void {
  const expected = createHmac('sha256', secret).update(body).digest();
  const sent = Buffer.from(shownSignature ?? '', 'hex');
  if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) throw refuse('not-authenticated');
}

interface ReceivedEvent {
  readonly id: string;
  /** In OPCP's spelling. */
  readonly type: string;
  readonly pcid: Pcid | undefined;
}

const LONGEST_ID = 200;

function readEvent(body: Uint8Array, now: number): ReceivedEvent {
  const content = new Map<string, unknown>(Object.entries(Object(parsed(body))));
  const [id, type] = [content.get('eventId'), content.get('eventType')];
  if (typeof id !== 'string' || id === '' || id.length > LONGEST_ID)
    throw refuse('field-invalid', 'eventId', 'is none');
  if (typeof type !== 'string') throw refuse('field-missing', 'eventType');
  const sentAt = Date.parse(String(content.get('timestamp')));
  if (!(now - sentAt <= OLDEST_MS && sentAt - now <= CLOCKS_APART_MS)) {
    throw refuse('field-invalid', 'timestamp', 'is too old, or not of the past');
  }
  const { pcid }: { pcid?: unknown } = Object(content.get('payload'));
  return { id, type: type.replace(/^emsp\./, 'mo.'), pcid: pcidIn(pcid) };
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse('field-invalid', 'body', 'is not JSON');
    throw error;
  }
}

function pcidIn(value: unknown): Pcid | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return parsePcid(value);
  } catch (error) {
    if (error instanceof IdentifierError) return undefined;
    throw error;
  }
}
