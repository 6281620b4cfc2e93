/** Who may do what: parties and their clients, the tokens that they show, and what a token is worth now. */
import { createPublicKey, type X509Certificate } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { Clock } from '../kernel/clock.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store } from '../store/store.ts';
import { type AccessToken, accessTokens, type TokenWanted } from './access-tokens.ts';
import { assertionVerifier } from './client-assertion.ts';
import { OAuthError } from './oauth-error.ts';
import type { OutsideIssuer } from './outside-issuer.ts';
import type { Caller, Role } from './party.ts';
import { type PartyRegister, partyRegister } from './party-register.ts';
import { type PublishedKey, tokenKeys } from './token-keys.ts';

export { ASSERTION_ALGORITHMS, ASSERTION_TYPE } from './client-assertion.ts';
export { OAuthError, type OAuthErrorCode } from './oauth-error.ts';
export type { OutsideIssuerSettings } from './outside-issuer.ts';
export type { PublishedKey } from './token-keys.ts';

export interface Access {
  readonly parties: PartyRegister;
  /** Client credentials (RFC 6749 §4.4). Throws `OAuthError`. */
  grant(credentials: ClientCredentials, wanted: TokenWanted): Promise<AccessToken>;
  /**
   * Who shows this token, as the register knows it now; undefined when the token is worth nothing.
   * Throws `issuer-unreachable`.
   */
  callerWith(token: string, certificate?: Thumbprint): Promise<Authorised | undefined>;
  publishedKeys(): Promise<PublishedKey[]>;
}

/** Of the certificate that a client shows in TLS, where it shows one. */
export type Thumbprint = string | undefined;

/** A secret, a certificate shown in TLS with one of the client's keys (RFC 8705 §2.2), or a JWT that the client signed (RFC 7523); `clientId` beside it has to be its own. */
export type ClientCredentials =
  | { readonly clientId: string; readonly clientSecret: string }
  | { readonly clientId?: string | undefined; readonly assertion: string }
  | { readonly clientId: string; readonly certificate: X509Certificate };

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
  const { publicUrl } = parts;
  const signerOf = assertionVerifier({
    clock,
    audiences: [publicUrl, `${publicUrl}/`, `${publicUrl}/oauth/token`],
    keysOf: async (clientId) => {
      const keys = await parties.keysOf(clientId);
      return isKeySet(keys) ? keys : undefined;
    },
  });

  async function callerOf(credentials: ClientCredentials): Promise<Caller | undefined> {
    if ('clientSecret' in credentials) {
      return await parties.authenticate(credentials.clientId, credentials.clientSecret);
    }
    if ('certificate' in credentials) {
      const { clientId, certificate } = credentials;
      const keys = await parties.keysOf(clientId);
      const fits = isKeySet(keys) && isCertified(certificate, keys, clock.now());
      return fits ? await parties.callerOf(clientId) : undefined;
    }
    const clientId = await signerOf(credentials.assertion);
    if (clientId === undefined || (credentials.clientId ?? clientId) !== clientId) return undefined;
    return await parties.callerOf(clientId);
  }

  return {
    parties,

    async grant(credentials, wanted) {
      const caller = await callerOf(credentials);
      if (caller === undefined) throw new OAuthError('invalid_client', 'client authentication failed');
      return await tokens.issue(caller, wanted);
    },

    async callerWith(token, thumbprint) {
      if (parts.outside?.isFrom(token) === true) return await parts.outside.verify(token);
      const verified = await tokens.verify(token);
      if (verified === undefined) return undefined;
      if (verified.thumbprint !== undefined && verified.thumbprint !== thumbprint) return undefined;
      const caller = await parties.callerOf(verified.clientId);
      return caller && { caller, services: verified.services };
    },

    publishedKeys: signingKeys.published,
  };
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}

/** The key counts and no name: the certificate may have signed itself. */
function isCertified(
  { publicKey, validFromDate, validToDate }: X509Certificate,
  { keys }: JSONWebKeySet,
  now: number,
): boolean {
  const isValid = validFromDate.getTime() <= now && now <= validToDate.getTime();
  return isValid && keys.some((key) => publicKey.equals(createPublicKey({ key: { ...key }, format: 'jwk' })));
}
