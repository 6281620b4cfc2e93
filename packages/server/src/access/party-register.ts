/** The parties of the ecosystem and their clients: who is known, by which secret, and what is theirs. */
import { randomUUID } from 'node:crypto';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Store, Tx } from '../store/store.ts';
import { audit } from './audit-log.ts';
import { hashOfSecret, isOneOf, newClientId, newSecret } from './client-secret.ts';
import type { Caller, NewParty, Party, PartyChanges, PartyFilter, PartyPosition } from './party.ts';
import { changedIdentifiers, IDENTIFIER_KINDS, identifierKinds } from './party.ts';
import {
  type ClientRecord,
  insertClient,
  insertParty,
  insertSecret,
  limitSecrets,
  selectClient,
  selectClientKind,
  selectParties,
  updateDisabled,
  updateParty,
} from './party-queries.ts';
import type { PublicKeys } from './public-keys.ts';

/** The only time that a secret is seen. */
export interface NewClient {
  readonly partyId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface PartyRegister {
  /** A party with its first client. Throws `party-refused`. */
  add(party: NewParty): Promise<NewClient>;
  /** A party whose first client signs with one of these keys. Throws `party-refused`. */
  addSigning(party: NewParty, keys: PublicKeys): Promise<Omit<NewClient, 'clientSecret'>>;
  /** In the order in which they were added. */
  list(): Promise<Party[]>;
  /** A part of the same list; `next` where more follow. */
  page(filter: PartyFilter): Promise<{ readonly parties: readonly Party[]; readonly next?: PartyPosition }>;
  /** Throws `party-not-found`. */
  get(id: string): Promise<Party>;
  /** What is left out stays as it is. Throws `party-not-found`, `party-refused`. */
  change(id: string, changes: PartyChanges): Promise<Party>;
  /** Throws `party-not-found`. */
  addClient(partyId: string): Promise<NewClient>;
  /** A client without a secret, which signs with one of these keys. Throws `party-not-found`. */
  addSigningClient(partyId: string, keys: PublicKeys): Promise<Omit<NewClient, 'clientSecret'>>;
  /** The keys of such a client, undefined for all others and when it is disabled. At most a second old. */
  keysOf(clientId: string): Promise<unknown>;
  /**
   * A further secret; the ones before are good for `overlapMs` more, and no longer than they were.
   * Throws `client-not-found`; `party-refused` for a client that signs.
   */
  rotate(clientId: string, overlapMs: number): Promise<Omit<NewClient, 'partyId'>>;
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
const LONGEST_NAME = 200;

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

  async function change<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await store.transaction(work);
    } finally {
      known.clear();
    }
  }

  async function party(tx: Tx, id: string): Promise<Party> {
    const [found] = isPartyId(id) ? await selectParties(tx, clock.now(), { id }) : [];
    if (found === undefined) throw refuse('party-not-found');
    return found;
  }

  async function newClient(tx: Tx, partyId: string): Promise<NewClient> {
    const [clientId, clientSecret] = [newClientId(), newSecret()];
    await insertClient(tx, { id: clientId, partyId, createdAt: clock.now() });
    await insertSecret(tx, clientId, hashOfSecret(clientSecret), clock.now());
    await audit(tx, clock.now(), [{ operation: 'client.add', object: clientId }]);
    return { partyId, clientId, clientSecret };
  }

  async function newSigningClient(tx: Tx, partyId: string, keys: PublicKeys): Promise<Omit<NewClient, 'clientSecret'>> {
    const clientId = newClientId();
    const jwks = JSON.stringify(keys);
    await insertClient(tx, { id: clientId, partyId, createdAt: clock.now(), jwks });
    await audit(tx, clock.now(), [{ operation: 'client.add', object: clientId, after: jwks }]);
    return { partyId, clientId };
  }

  async function newParty(tx: Tx, checked: NewParty): Promise<string> {
    const id = randomUUID();
    await insertParty(tx, { ...checked, id, createdAt: clock.now() });
    await audit(tx, clock.now(), [{ operation: 'party.add', object: id, after: JSON.stringify(checked) }]);
    return id;
  }

  async function setDisabled(id: string, at: number | null): Promise<void> {
    const table = isPartyId(id) ? 'party' : isClientId(id) ? 'client' : undefined;
    if (table === undefined) throw refuse('party-or-client-not-found');
    await change(async (tx) => {
      if (!(await updateDisabled(tx, table, id, at))) throw refuse('party-or-client-not-found');
      await audit(tx, clock.now(), [{ operation: `${table}.${at === null ? 'enable' : 'disable'}`, object: id }]);
    });
  }

  return {
    async add(input) {
      const checked = checkParty(input);
      return await change(async (tx) => newClient(tx, await newParty(tx, checked)));
    },

    async addSigning(input, keys) {
      const checked = checkParty(input);
      return await change(async (tx) => newSigningClient(tx, await newParty(tx, checked), keys));
    },

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

    async change(id, changes) {
      return await change(async (tx) => {
        const before = await party(tx, id);
        const { name = before.name, roles = before.roles, pki = before.pki } = changes;
        const checked = checkParty({
          name,
          roles,
          pki,
          identifiers: changedIdentifiers(before.identifiers, changes.identifiers),
        });
        const after = { ...before, ...checked };
        await updateParty(tx, after);
        const { name: was, roles: had, pki: worked, identifiers } = before;
        const beforehand = JSON.stringify({ name: was, roles: had, pki: worked, identifiers });
        const change = { operation: 'party.change', object: id, after: JSON.stringify(checked) } as const;
        await audit(tx, clock.now(), [{ ...change, before: beforehand }]);
        return after;
      });
    },

    async addClient(partyId) {
      return await change(async (tx) => newClient(tx, (await party(tx, partyId)).id));
    },

    async addSigningClient(partyId, keys) {
      return await change(async (tx) => newSigningClient(tx, (await party(tx, partyId)).id, keys));
    },

    async keysOf(clientId) {
      const jwks = isClientId(clientId) ? (await clientRecord(clientId))?.jwks : undefined;
      return jwks === undefined ? undefined : JSON.parse(jwks);
    },

    async rotate(clientId, overlapMs) {
      const clientSecret = newSecret();
      await change(async (tx) => {
        const kind = isClientId(clientId) ? await selectClientKind(tx, clientId) : undefined;
        if (kind === undefined) throw refuse('client-not-found');
        if (kind === 'signs') throw refuse('party-refused', 'clientId', 'signs with its own key and has no secret');
        const now = clock.now();
        await limitSecrets(tx, clientId, now + overlapMs, now);
        await insertSecret(tx, clientId, hashOfSecret(clientSecret), now);
        await audit(tx, now, [{ operation: 'client.rotate', object: clientId }]);
      });
      return { clientId, clientSecret };
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

/** What has another form names nobody; PostgreSQL would fail on some of it (U+0000). */
function isPartyId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function isClientId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Identifiers belong to roles: one without its role would never have an effect, which nobody can have meant. */
function checkParty({ name, roles, pki, identifiers }: NewParty): NewParty {
  if (roles.length === 0) throw refuse('party-refused', 'roles', 'must not be empty');
  if (name.length > LONGEST_NAME || name.includes('\0')) {
    throw refuse('party-refused', 'name', `must be ${LONGEST_NAME} characters at most, and text`);
  }
  for (const kind of IDENTIFIER_KINDS) {
    const { role } = identifierKinds[kind];
    if (identifiers[kind].length > 0 && !roles.includes(role)) {
      throw refuse('party-refused', kind, `is for the role ${role}, which the party does not have`);
    }
  }
  return { name, roles, pki, identifiers };
}
