/** An issuer with a login page, where some people are operators. */
/// <reference path="./oidc-provider.d.ts" />
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { listenLocally } from '../../../tools/local-port.ts';

export interface Issuer {
  readonly url: string;
  close(): void;
}

/** By the name with which they log in; any password will do. */
const people: Readonly<Record<string, object>> = {
  olga: { groups: ['staff', 'plugpool-operators'], preferred_username: 'olga@example.org' },
  gast: { groups: ['staff'] },
  one: { groups: 'plugpool-operators' },
};

/**
 * Its clients are `console`, with a secret, and `public`, without.
 * @param claimsInToken whether what it says of people is in the ID token, or at the user info endpoint only
 */
export async function startIssuer(callback: string, { claimsInToken = true } = {}): Promise<Issuer> {
  const server = createServer();
  const url = `http://127.0.0.1:${await listenLocally(server)}`;
  const provider = new Provider(url, {
    cookies: { keys: [randomUUID()] },
    clients: [
      { client_id: 'console', client_secret: 'a-secret-of-the-console', redirect_uris: [callback] },
      { client_id: 'public', token_endpoint_auth_method: 'none', redirect_uris: [callback] },
    ],
    conformIdTokenClaims: !claimsInToken,
    claims: { openid: ['sub'], profile: ['groups', 'preferred_username'] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  server.on('request', provider.callback());
  return {
    url,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
