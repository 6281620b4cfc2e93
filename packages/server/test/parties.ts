/** Parties of a test, made on the server's database as the command line makes them, and their tokens. */
import { type NewParty, noIdentifiers } from '../src/access/party.ts';
import { type NewClient, type PartiesWithin, type PartyRegister, partyRegister } from '../src/access/party-register.ts';
import { systemClock } from '../src/kernel/clock.ts';
import type { Store } from '../src/store/store.ts';
import { at } from './dialects.ts';
import type { TestServer } from './running-server.ts';

export interface TestParty extends NewClient {
  /** The header that shows its token. */
  readonly headers: { readonly authorization: string };
}

type Wanted = Partial<Omit<NewParty, 'identifiers'>> & { readonly identifiers?: Partial<NewParty['identifiers']> };

export async function addParty({ store }: Pick<TestServer, 'store'>, wanted: Wanted): Promise<NewClient> {
  const { name = 'Some party', roles = [], pki = 'both', identifiers = {} } = wanted;
  const register = partyRegister({ store, clock: systemClock });
  const party = { name, roles, pki, identifiers: { ...noIdentifiers, ...identifiers } };
  return await changed(store, register, async (parties) => parties.addClient(await parties.add(party)));
}

/** One change of the register, in a transaction of its own. */
export async function changed<T>(
  store: Store,
  register: PartyRegister,
  work: (parties: PartiesWithin) => Promise<T>,
): Promise<T> {
  try {
    return await store.transaction((tx) => work(register.within(tx)));
  } finally {
    register.forget();
  }
}

export async function askToken(url: string, client: NewClient, more: Record<string, string> = {}): Promise<Response> {
  const { clientId: client_id, clientSecret: client_secret } = client;
  const body = JSON.stringify({ grant_type: 'client_credentials', client_id, client_secret, ...more });
  return await fetch(`${url}/oauth/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}

export async function partyWithToken(server: TestServer, wanted: Wanted): Promise<TestParty> {
  const client = await addParty(server, wanted);
  const token = at(await (await askToken(server.url, client)).json(), 'access_token');
  return { ...client, headers: { authorization: `Bearer ${String(token)}` } };
}
