/** What changes in the register of parties, in a transaction, each with its row in the audit log. */
import { randomUUID } from 'node:crypto';
import { refuse } from '../kernel/domain-error.ts';
import type { Store, Tx } from '../store/store.ts';
import { audit } from './audit-log.ts';
import { hashOfSecret, newClientId, newSecret } from './client-secret.ts';
import { changedParty, IDENTIFIER_KINDS, identifierKinds, type NewParty, type Party } from './party.ts';
import {
  insertClient,
  insertParty,
  insertSecret,
  limitSecrets,
  selectClientKind,
  selectParties,
  updateParty,
} from './party-queries.ts';
import type { PartiesWithin } from './party-register.ts';

interface Work {
  readonly store: Store;
  readonly tx: Tx;
  /** Epoch milliseconds. */
  readonly now: number;
}

const LONGEST_NAME = 200;

export function partiesWithin({ store, tx, now }: Work): PartiesWithin {
  async function hold(id: string): Promise<Party> {
    if (!isPartyId(id)) throw refuse('party-not-found');
    await store.forUpdate(tx.selectFrom('party').select('id').where('id', '=', id)).execute();
    const [found] = await selectParties(tx, now, { id });
    if (found === undefined) throw refuse('party-not-found');
    return found;
  }

  return {
    hold,

    async add(input) {
      const checked = checkParty(input);
      const id = randomUUID();
      await insertParty(tx, { ...checked, id, createdAt: now });
      await audit(tx, now, [{ operation: 'party.add', object: id, after: JSON.stringify(checked) }]);
      return id;
    },

    async change(id, changes) {
      const before = await hold(id);
      const checked = checkParty(changedParty(before, changes));
      const after = { ...before, ...checked };
      await updateParty(tx, after);
      const { name, roles, pki, identifiers } = before;
      const beforehand = JSON.stringify({ name, roles, pki, identifiers });
      const change = { operation: 'party.change', object: id, after: JSON.stringify(checked) } as const;
      await audit(tx, now, [{ ...change, before: beforehand }]);
      return after;
    },

    async addClient(id) {
      const { id: partyId } = await hold(id);
      const [clientId, clientSecret] = [newClientId(), newSecret()];
      await insertClient(tx, { id: clientId, partyId, createdAt: now });
      await insertSecret(tx, clientId, hashOfSecret(clientSecret), now);
      await audit(tx, now, [{ operation: 'client.add', object: clientId }]);
      return { partyId, clientId, clientSecret };
    },

    async addSigningClient(id, keys) {
      const { id: partyId } = await hold(id);
      const clientId = newClientId();
      const jwks = JSON.stringify(keys);
      await insertClient(tx, { id: clientId, partyId, createdAt: now, jwks });
      await audit(tx, now, [{ operation: 'client.add', object: clientId, after: jwks }]);
      return { partyId, clientId };
    },

    async rotate(clientId, overlapMs) {
      const kind = isClientId(clientId) ? await selectClientKind(tx, clientId) : undefined;
      if (kind === undefined) throw refuse('client-not-found');
      if (kind === 'signs') throw refuse('party-refused', 'clientId', 'signs with its own key and has no secret');
      const clientSecret = newSecret();
      await limitSecrets(tx, clientId, now + overlapMs, now);
      await insertSecret(tx, clientId, hashOfSecret(clientSecret), now);
      await audit(tx, now, [{ operation: 'client.rotate', object: clientId }]);
      return { clientId, clientSecret };
    },
  };
}

/** What has another form names nobody; PostgreSQL would fail on some of it (U+0000). */
export function isPartyId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

export function isClientId(text: string): boolean {
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
