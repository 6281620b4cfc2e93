/** Which peers there are: those of the configuration, and those that operators have added. */
import { audit } from '../access/audit-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Secrets } from '../keys/key-store.ts';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import { checkTarget, type TargetRules } from '../outgoing/outgoing-http.ts';
import type { Store, Tx } from '../store/store.ts';
import { baseUrlOf, type Peer, type PeerCredentials, type PeerDescription, peerIdOf } from './peer.ts';
import { deletePeer, fromRow, insertPeer, type PeerRow, selectPeer, selectPeers, updatePeer } from './peer-queries.ts';
import { deleteSubscription } from './subscription-queries.ts';

export interface NewPeer extends PeerDescription {
  readonly enabled?: boolean;
}

/** What is left out stays; `null` takes the credentials away. */
export type PeerChanges = Partial<Omit<NewPeer, 'baseUrl' | 'credentials'>> & {
  readonly credentials?: PeerCredentials | null | undefined;
};

export interface PeerRegister {
  /** All, those that are asked first in front; with their credentials, which no answer shows. */
  list(): Promise<Peer[]>;
  /** Throws `peer-not-found`. */
  get(id: string): Promise<Peer>;
  /** Throws `field-invalid` for a URL that is none, that is not allowed, or that is there already. */
  add(peer: NewPeer): Promise<Peer>;
  /** Throws `peer-not-found`, `field-invalid` for a peer of the configuration. */
  change(id: string, changes: PeerChanges): Promise<Peer>;
  /** Throws `peer-not-found`, `field-invalid` for a peer of the configuration. */
  remove(id: string): Promise<void>;
}

export interface PeerRegisterNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly configured: readonly PeerDescription[];
  readonly targets: TargetRules;
}

export function peerRegister({ store, clock, secrets, configured, targets }: PeerRegisterNeeds): PeerRegister {
  const fixed = configured.map((description): Peer => {
    return { ...description, id: peerIdOf(description.baseUrl), source: 'configuration', enabled: true };
  });

  const opened = (row: PeerRow): Peer => {
    if (row.client_id === null || row.client_secret === null) return fromRow(row);
    const clientSecret = Buffer.from(secrets.open(secretName(row.id), row.client_secret)).toString('utf8');
    const credentials: PeerCredentials = {
      clientId: row.client_id,
      clientSecret,
      ...(row.token_url !== null && { tokenUrl: row.token_url }),
      ...(row.audience !== null && { audience: row.audience }),
    };
    return { ...fromRow(row), credentials };
  };

  const toRow = (peer: Peer): PeerRow => ({
    id: peer.id,
    base_url: peer.baseUrl,
    dialect: peer.dialect,
    roles: JSON.stringify(peer.roles),
    priority: peer.priority,
    enabled: peer.enabled ? 1 : 0,
    client_id: peer.credentials?.clientId ?? null,
    client_secret:
      peer.credentials === undefined
        ? null
        : secrets.seal(secretName(peer.id), Buffer.from(peer.credentials.clientSecret)),
    token_url: peer.credentials?.tokenUrl ?? null,
    audience: peer.credentials?.audience ?? null,
    created_at: peer.createdAt ?? clock.now(),
  });

  async function kept(tx: Tx, id: string): Promise<Peer> {
    if (fixed.some((peer) => peer.id === id)) {
      throw refuse('field-invalid', 'peerId', 'is a peer of the configuration, which is changed there');
    }
    const row = await selectPeer(tx, id);
    if (row === undefined) throw refuse('peer-not-found');
    return opened(row);
  }

  async function list(): Promise<Peer[]> {
    const rows = await selectPeers(store.db);
    // A peer of both is as the configuration says.
    const added = rows.filter(({ id }) => !fixed.some((peer) => peer.id === id)).map(opened);
    return [...fixed, ...added].toSorted((a, b) => a.priority - b.priority);
  }

  return {
    list,

    async get(id) {
      const peer = (await list()).find((each) => each.id === id);
      if (peer === undefined) throw refuse('peer-not-found');
      return peer;
    },

    async add({ enabled = true, ...wanted }) {
      const baseUrl = allowedUrl(wanted.baseUrl, 'baseUrl', targets);
      checkCredentials(wanted.credentials, targets);
      const id = peerIdOf(baseUrl);
      const isThere = () => refuse('field-invalid', 'baseUrl', 'is that of a peer which is there already');
      if (fixed.some((each) => each.id === id)) throw isThere();
      const peer: Peer = { ...wanted, baseUrl, id, enabled, source: 'register', createdAt: clock.now() };
      await store.transaction(async (tx) => {
        if (!(await insertPeer(tx, toRow(peer)))) throw isThere();
        await audit(tx, clock.now(), [{ operation: 'peer.add', object: id, after: contentOf(peer) }]);
      });
      return peer;
    },

    async change(id, { credentials, ...changes }) {
      checkCredentials(credentials ?? undefined, targets);
      return await store.transaction(async (tx) => {
        const { credentials: old, ...before } = await kept(tx, id);
        const current = credentials === undefined ? old : (credentials ?? undefined);
        const peer: Peer = { ...before, ...changes, ...(current && { credentials: current }) };
        await updatePeer(tx, toRow(peer));
        const change = { operation: 'peer.change', object: id, after: contentOf(peer) } as const;
        await audit(tx, clock.now(), [
          { ...change, before: contentOf({ ...before, ...(old && { credentials: old }) }) },
        ]);
        return peer;
      });
    },

    async remove(id) {
      await store.transaction(async (tx) => {
        const peer = await kept(tx, id);
        await deletePeer(tx, id);
        await deleteSubscription(tx, id);
        await audit(tx, clock.now(), [{ operation: 'peer.remove', object: id, before: contentOf(peer) }]);
      });
    },
  };
}

/** The name under which the secret of a peer is sealed. */
function secretName(id: string): string {
  return `peer:${id}`;
}

/** For the audit log, which keeps a hash of it: no secret. */
function contentOf({ baseUrl, dialect, roles, priority, enabled, credentials }: Peer): string {
  return JSON.stringify([baseUrl, dialect, roles, priority, enabled, credentials?.clientId ?? null]);
}

/** Throws `field-invalid`. */
function allowedUrl(text: string, field: string, targets: TargetRules): string {
  const url = baseUrlOf(text);
  if (url === undefined) {
    throw refuse('field-invalid', field, 'must be an http or https URL without password, query and fragment');
  }
  try {
    checkTarget(url, targets);
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    throw refuse('field-invalid', field, 'is internal, which is not allowed');
  }
  return url;
}

function checkCredentials(credentials: PeerCredentials | undefined, targets: TargetRules): void {
  if (credentials?.tokenUrl !== undefined) allowedUrl(credentials.tokenUrl, 'tokenUrl', targets);
}
