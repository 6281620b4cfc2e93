/** Who may do what: parties and their clients, the tokens that they show, and what a token is worth now. */
import type { Clock } from '../kernel/clock.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store } from '../store/store.ts';
import { type AccessToken, accessTokens, type TokenWanted } from './access-tokens.ts';
import { OAuthError } from './oauth-error.ts';
import type { OutsideIssuer } from './outside-issuer.ts';
import type { Caller, Role } from './party.ts';
import { type PartyRegister, partyRegister } from './party-register.ts';
import { type PublishedKey, tokenKeys } from './token-keys.ts';

export { OAuthError, type OAuthErrorCode } from './oauth-error.ts';
export { type OutsideIssuerSettings, outsideIssuer } from './outside-issuer.ts';
export type { PublishedKey } from './token-keys.ts';

export interface Access {
  readonly parties: PartyRegister;
  /** Client credentials (RFC 6749 §4.4). Throws `OAuthError`. */
  grant(credentials: ClientCredentials, wanted: TokenWanted): Promise<AccessToken>;
  /**
   * Who shows this token, as the register knows it now; undefined when the token is worth nothing.
   * Throws `issuer-unreachable`.
   */
  callerWith(token: string): Promise<Authorised | undefined>;
  publishedKeys(): Promise<PublishedKey[]>;
}

export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Authorised {
  readonly caller: Caller;
  readonly services: readonly string[];
}

export interface AccessParts {
  readonly store: Store;
  readonly keys: Pick<KeyStore, 'createFor' | 'signer'>;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly audiences: readonly string[];
  readonly lifetimeSeconds: number;
  readonly servicesOf: (roles: readonly Role[]) => readonly string[];
  /** Whose tokens count besides ours. */
  readonly outside?: OutsideIssuer | undefined;
}

export function access(parts: AccessParts): Access {
  const { store, keys, clock, lifetimeSeconds } = parts;
  const parties = partyRegister({ store, clock });
  const signingKeys = tokenKeys({ store, keys, clock, lifetimeSeconds });
  const tokens = accessTokens({ ...parts, keys: signingKeys });
  return {
    parties,

    async grant({ clientId, clientSecret }, wanted) {
      const caller = await parties.authenticate(clientId, clientSecret);
      if (caller === undefined) throw new OAuthError('invalid_client', 'client authentication failed');
      return await tokens.issue(caller, wanted);
    },

    async callerWith(token) {
      if (parts.outside?.isFrom(token) === true) return await parts.outside.verify(token);
      const verified = await tokens.verify(token);
      if (verified === undefined) return undefined;
      const caller = await parties.callerOf(verified.clientId);
      return caller && { caller, services: verified.services };
    },

    publishedKeys: signingKeys.published,
  };
}
