/** The parties of the ecosystem and their clients: who is known, by which secret, and what is theirs. */
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Store, Tx } from '../store/store.ts';
import { audit } from './audit-log.ts';
import { isOneOf } from './client-secret.ts';
import type { Caller, NewParty, Party, PartyChanges, PartyFilter, PartyPosition } from './party.ts';
import { isClientId, isPartyId, partiesWithin } from './party-changes.ts';
import { type ClientRecord, selectClient, selectParties, selectPartyIdOf, updateDisabled } from './party-queries.ts';
import type { PublicKeys } from './public-keys.ts';

/** The only time that a secret is seen. */
export interface NewClient {
  readonly partyId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Changes in a transaction of the caller. */
export interface PartiesWithin {
  /** A party as it is, and as it stays until the end of the transaction. Throws `party-not-found`. */
  hold(id: string): Promise<Party>;
  /** Without a client; its id. Throws `party-refused`. */
  add(party: NewParty): Promise<string>;
  /** What is left out stays as it is. Throws `party-not-found`, `party-refused`. */
  change(id: string, changes: PartyChanges): Promise<Party>;
  /** Throws `party-not-found`. */
  addClient(partyId: string): Promise<NewClient>;
  /** A client without a secret, which signs with one of these keys. Throws `party-not-found`. */
  addSigningClient(partyId: string, keys: PublicKeys): Promise<Omit<NewClient, 'clientSecret'>>;
  /**
   * A further secret; the ones before are good for `overlapMs` more, and no longer than they were.
   * Throws `client-not-found`; `party-refused` for a client that signs.
   */
  rotate(clientId: string, overlapMs: number): Promise<Omit<NewClient, 'partyId'>>;
}

export interface PartyRegister {
  within(tx: Tx): PartiesWithin;
  /** What was changed in a transaction counts in this process from now on, and in others within a second. */
  forget(): void;
  /** In the order in which they were added. */
  list(): Promise<Party[]>;
  /** A part of the same list; `next` where more follow. */
  page(filter: PartyFilter): Promise<{ readonly parties: readonly Party[]; readonly next?: PartyPosition }>;
  /** Throws `party-not-found`. */
  get(id: string): Promise<Party>;
  /** Whose client that is. Throws `client-not-found`. */
  partyOf(clientId: string): Promise<Party>;
  /** The keys of a client that signs, undefined for all others and when it is disabled. At most a second old. */
  keysOf(clientId: string): Promise<unknown>;
  /** A party or a client by its id, until `enable`. Throws `party-or-client-not-found`. */
  disable(id: string): Promise<void>;
  enable(id: string): Promise<void>;
  /** Who the client is, if that is its secret and neither it nor its party is disabled. */
  authenticate(clientId: string, secret: string): Promise<Caller | undefined>;
  /** The client as it is now, undefined when it may do nothing (any more). At most a second old. */
  callerOf(clientId: string): Promise<Caller | undefined>;
}

/** Replicas hear of a change within this time: it is what "disabled at once" means. */
const KNOWN_FOR_MS = 1_000;
const MOST_KNOWN = 10_000;

export function partyRegister({ store, clock }: { readonly store: Store; readonly clock: Clock }): PartyRegister {
  const known = new BoundedCache<Promise<ClientRecord | undefined>>(MOST_KNOWN);

  /** Questions at the same time are one question. The time is that of the process, which nobody sets back. */
  function clientRecord(id: string): Promise<ClientRecord | undefined> {
    const now = performance.now();
    const remembered = known.get(id, now);
    if (remembered !== undefined) return remembered;
    const asked = selectClient(store.db, id);
    known.set(id, asked, now + KNOWN_FOR_MS);
    // What failed now may succeed with the next question.
    asked.catch(() => known.set(id, asked, 0));
    return asked;
  }

  async function setDisabled(id: string, at: number | null): Promise<void> {
    const table = isPartyId(id) ? 'party' : isClientId(id) ? 'client' : undefined;
    if (table === undefined) throw refuse('party-or-client-not-found');
    await store.transaction(async (tx) => {
      if (!(await updateDisabled(tx, table, id, at))) throw refuse('party-or-client-not-found');
      await audit(tx, clock.now(), [{ operation: `${table}.${at === null ? 'enable' : 'disable'}`, object: id }]);
    });
    known.clear();
  }

  return {
    within: (tx) => partiesWithin({ store, tx, now: clock.now() }),
    forget: () => known.clear(),
    list: () => selectParties(store.db, clock.now()),

    async page({ limit, ...filter }) {
      const found = await selectParties(store.db, clock.now(), { ...filter, limit: limit + 1 });
      const parties = found.slice(0, limit);
      const last = found.length > limit ? parties.at(-1) : undefined;
      return { parties, ...(last && { next: { createdAt: last.createdAt, id: last.id } }) };
    },

    async get(id) {
      const [found] = isPartyId(id) ? await selectParties(store.db, clock.now(), { id }) : [];
      if (found === undefined) throw refuse('party-not-found');
      return found;
    },

    async partyOf(clientId) {
      const partyId = isClientId(clientId) ? await selectPartyIdOf(store.db, clientId) : undefined;
      if (partyId === undefined) throw refuse('client-not-found');
      const [found] = await selectParties(store.db, clock.now(), { id: partyId });
      if (found === undefined) throw refuse('client-not-found');
      return found;
    },

    async keysOf(clientId) {
      const jwks = isClientId(clientId) ? (await clientRecord(clientId))?.jwks : undefined;
      return jwks === undefined ? undefined : JSON.parse(jwks);
    },

    disable: (id) => setDisabled(id, clock.now()),
    enable: (id) => setDisabled(id, null),

    async authenticate(clientId, secret) {
      const record = isClientId(clientId) ? await clientRecord(clientId) : undefined;
      const now = clock.now();
      const good = (record?.secrets ?? []).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
      const fits = isOneOf(
        secret,
        good.map(({ hash }) => hash),
      );
      return fits ? record?.caller : undefined;
    },

    async callerOf(clientId) {
      return isClientId(clientId) ? (await clientRecord(clientId))?.caller : undefined;
    },
  };
}
