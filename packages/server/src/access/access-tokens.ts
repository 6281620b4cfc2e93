/** Access tokens: JWTs (RFC 9068) that say who asks, what it is and what is its own, as the OPCP's tokens do. */
import { randomUUID } from 'node:crypto';
import type { JWTHeaderParameters } from 'jose';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';
import { OAuthError } from './oauth-error.ts';
import type { Caller, Role } from './party.ts';
import { SERVICES } from './rights.ts';
import type { TokenKeys } from './token-keys.ts';

export interface TokenWanted {
  /** One of ours where it is given. */
  readonly audience?: string | undefined;
  /** Services with blanks between them; all that the roles have where it is left out. */
  readonly scope?: string | undefined;
  /** SHA-256 of the client's TLS certificate: the token is then good together with it only (RFC 8705 §3). */
  readonly thumbprint?: string | undefined;
}

export interface AccessToken {
  readonly token: string;
  readonly scope: string;
  readonly lifetimeSeconds: number;
}

/** What a good token says. Whether its client may still do anything is another question. */
export interface Verified {
  readonly clientId: string;
  /** The certificate that the token is bound to. */
  readonly thumbprint?: string;
  readonly services: readonly string[];
}

export interface AccessTokens {
  /** Throws `OAuthError`. */
  issue(caller: Caller, wanted: TokenWanted): Promise<AccessToken>;
  /** Undefined for whatever is not a good token of ours, for us, now. */
  verify(token: string): Promise<Verified | undefined>;
}

export interface AccessTokenParts {
  readonly keys: TokenKeys;
  readonly clock: Clock;
  /** Issuer and first audience, without a slash at the end. */
  readonly publicUrl: string;
  /** Further names under which clients know us. */
  readonly audiences: readonly string[];
  readonly lifetimeSeconds: number;
  /** The services that a role has something to do with. */
  readonly servicesOf: (roles: readonly Role[]) => readonly string[];
}

const HEADER_TYPE = 'at+jwt';
const LONGEST_TOKEN = 16_384;
const CLOCK_TOLERANCE_S = 5;
const MOST_REMEMBERED = 20_000;

export function accessTokens(parts: AccessTokenParts): AccessTokens {
  const { keys, clock, publicUrl, lifetimeSeconds, servicesOf } = parts;
  const audiences = [publicUrl, ...parts.audiences];
  const ours = new Set(audiences.map(withoutSlash));
  /** A token is verified once by each process, and remembered until it is over. */
  const remembered = new BoundedCache<Verified>(MOST_REMEMBERED);

  async function verified(token: string): Promise<{ claims: Verified; until: number } | undefined> {
    const { errors, jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify(token, (header) => keyOf(header, keys), {
        issuer: publicUrl,
        algorithms: ['ES256'],
        typ: HEADER_TYPE,
        currentDate: new Date(clock.now()),
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp', 'iat', 'aud', 'client_id'],
      });
      const isForUs = [payload.aud ?? []].flat().some((audience) => ours.has(withoutSlash(audience)));
      if (!isForUs || typeof payload['client_id'] !== 'string' || payload.exp === undefined) return undefined;
      const thumbprint = new Map<string, unknown>(Object.entries(Object(payload['cnf']))).get('x5t#S256');
      const scope = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [];
      const bound = typeof thumbprint === 'string' ? { thumbprint } : {};
      return { claims: { clientId: payload['client_id'], services: scope, ...bound }, until: payload.exp * 1000 };
    } catch (error) {
      // Whatever is wrong with a token, its sender hears the same.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }

  return {
    async issue(caller, { audience = publicUrl, scope, thumbprint }) {
      if (!ours.has(withoutSlash(audience))) throw new OAuthError('invalid_request', 'audience is not known here');
      const granted = scopeOf(servicesOf(caller.roles), scope);
      const iat = Math.floor(clock.now() / 1000);
      const payload = {
        iss: publicUrl,
        sub: `${caller.clientId}@clients`,
        aud: audience,
        iat,
        exp: iat + lifetimeSeconds,
        jti: randomUUID(),
        client_id: caller.clientId,
        azp: caller.clientId,
        gty: 'client-credentials',
        scope: granted.join(' '),
        permissions: granted,
        ...(thumbprint !== undefined && { cnf: { 'x5t#S256': thumbprint } }),
        ...identityClaims(caller, publicUrl),
      };
      const { kid, signer } = await keys.signing();
      const signed = `${part({ alg: 'ES256', typ: HEADER_TYPE, kid })}.${part(payload)}`;
      const signature = await signer.sign(Buffer.from(signed));
      const token = `${signed}.${Buffer.from(signature).toString('base64url')}`;
      return { token, scope: granted.join(' '), lifetimeSeconds };
    },

    async verify(token) {
      if (token.length > LONGEST_TOKEN) return undefined;
      const now = clock.now();
      const known = remembered.get(token, now);
      if (known !== undefined) return known;
      const found = await verified(token);
      if (found === undefined) return undefined;
      remembered.set(token, found.claims, found.until);
      return found.claims;
    },
  };
}

async function keyOf({ kid }: JWTHeaderParameters, keys: TokenKeys) {
  const key = typeof kid === 'string' ? await keys.verifying(kid) : undefined;
  if (key !== undefined) return key;
  const { errors } = await import('jose');
  throw new errors.JWKSNoMatchingKey();
}

/** The names of the OPCP's claims stand under the URL of the ecosystem. */
function identityClaims({ name, roles, pki, identifiers }: Caller, namespace: string) {
  const { wmi, providerId, operatorId, cpsRoot } = identifiers;
  return {
    [`${namespace}/role`]: roles.flatMap((role) => roleNames(role, pki)),
    [`${namespace}/client_name`]: [name],
    ...(wmi.length > 0 && { [`${namespace}/pcid`]: wmi }),
    ...(providerId.length > 0 && { [`${namespace}/emaid`]: providerId }),
    ...(operatorId.length > 0 && { [`${namespace}/operator_id`]: operatorId }),
    ...(cpsRoot.length > 0 && { [`${namespace}/cps_root`]: cpsRoot }),
  };
}

function roleNames(role: Role, pki: Caller['pki']): string[] {
  if (role !== 'emsp') return [role.toUpperCase()];
  return [...(pki === 'own' ? [] : ['MO_V2G_PKI']), ...(pki === 'ours' ? [] : ['MO_EXTERNAL_PKI'])];
}

function scopeOf(services: readonly string[], wanted: string | undefined): readonly string[] {
  const names = (wanted ?? '').split(' ').filter((name) => name !== '');
  if (names.length === 0) return SERVICES.filter((service) => services.includes(service));
  if (!names.every((name) => services.includes(name))) {
    throw new OAuthError('invalid_scope', 'scope holds a service that this client does not have');
  }
  return SERVICES.filter((service) => names.includes(service));
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
