/** Access tokens of an issuer that is not ours: found by discovery, verified by its key set, read by a configured map. */
import { IdentifierError } from '@plugpool/iso15118/pki';
import { createRemoteJWKSet, customFetch, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../outgoing/outgoing-http.ts';
import type { Caller, IdentifierKind, Identifiers } from './party.ts';
import { type ClaimUse, identifierKinds, type MoPki, type Role } from './party.ts';
import { SERVICES } from './rights.ts';

export interface OutsideIssuerSettings {
  /** As it stands in the tokens, and where discovery begins. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Which claim holds what; what is not named is not read, but for `client_id`, `azp` or `sub` as the client. */
  readonly claims: Readonly<Partial<Record<ClaimUse, string>>>;
}

export interface OutsideIssuer {
  /** Whether the token says that it comes from there; nobody has verified it. */
  isFrom(token: string): boolean;
  /** Undefined for whatever is not a good token. Throws `issuer-unreachable`. */
  verify(token: string): Promise<{ readonly caller: Caller; readonly services: readonly string[] } | undefined>;
}

type Authorised = NonNullable<Awaited<ReturnType<OutsideIssuer['verify']>>>;

/** Those with a public key; a secret shared with an issuer could be ours to forge with. */
const ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 5;
const LONGEST_TOKEN = 16_384;
/** Nobody tells us that a client was disabled there. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 20_000;
const DISCOVERED_MS = 3_600_000;
const LARGEST_ANSWER = 256 * 1024;
const DEADLINE_MS = 5_000;

export function outsideIssuer(settings: OutsideIssuerSettings, send: SendOutgoing, clock: Clock): OutsideIssuer {
  const { issuer, audiences, claims } = settings;
  const remembered = new BoundedCache<Authorised>(MOST_REMEMBERED);
  let discovered: { readonly keys: Promise<ReturnType<typeof createRemoteJWKSet>>; readonly at: number } | undefined;

  async function get(url: string): Promise<Response> {
    const { status, body } = await send({
      method: 'GET',
      url,
      headers: { accept: 'application/json' },
      maxBytes: LARGEST_ANSWER,
      deadlineMs: DEADLINE_MS,
    });
    return new Response(Buffer.from(body), { status });
  }

  async function discover() {
    const answer = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const metadata: unknown = answer.status === 200 ? JSON.parse(await answer.text()) : undefined;
    const members = new Map<string, unknown>(Object.entries(Object(metadata)));
    const jwksUri = members.get('jwks_uri');
    // OpenID Connect Discovery §4.3: or somebody else's keys would be taken for the issuer's.
    if (members.get('issuer') !== issuer || typeof jwksUri !== 'string') throw new errors.JWKSInvalid();
    return createRemoteJWKSet(new URL(jwksUri), { [customFetch]: (url) => get(url) });
  }

  function keySet() {
    const at = performance.now();
    if (discovered === undefined || at - discovered.at > DISCOVERED_MS) {
      const keys = discover();
      discovered = { keys, at };
      keys.catch(() => {
        discovered = undefined;
      });
    }
    return discovered.keys;
  }

  return {
    isFrom(token) {
      if (token.length > LONGEST_TOKEN) return false;
      try {
        return decodeJwt(token).iss === issuer;
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return false;
        throw error;
      }
    },

    async verify(token) {
      const now = clock.now();
      const known = remembered.get(token, now);
      if (known !== undefined) return known;
      const keys = await keySet().catch((cause: unknown) => {
        throw unreachable(cause);
      });
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: [...audiences],
          algorithms: ALGORITHMS,
          currentDate: new Date(now),
          clockTolerance: CLOCK_TOLERANCE_S,
          requiredClaims: ['exp'],
        });
        const found = authorisedBy(payload, claims, issuer);
        if (found === undefined) return undefined;
        remembered.set(token, found, Math.min((payload.exp ?? 0) * 1000, now + REMEMBERED_MS));
        return found;
      } catch (error) {
        if (error instanceof OutgoingError || error instanceof errors.JWKSTimeout) throw unreachable(error);
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
        throw error;
      }
    },
  };
}

function unreachable(cause: unknown): Error {
  const isKnown = [OutgoingError, errors.JOSEError, SyntaxError, TypeError].some((kind) => cause instanceof kind);
  return isKnown ? refuse('issuer-unreachable') : cause instanceof Error ? cause : new Error(String(cause));
}

/** Undefined when the token names no client. */
function authorisedBy(
  payload: JWTPayload,
  claims: OutsideIssuerSettings['claims'],
  issuer: string,
): Authorised | undefined {
  const of = (use: ClaimUse) => textsIn(claims[use] === undefined ? undefined : payload[claims[use]]);
  const [client] =
    claims.client === undefined ? textsIn(payload['client_id'] ?? payload['azp'] ?? payload.sub) : of('client');
  if (client === undefined) return undefined;
  const id = `${issuer}#${client}`;
  const scope = of('scope').flatMap((text) => text.split(' '));
  return {
    caller: {
      clientId: id,
      partyId: id,
      name: of('name')[0] ?? client,
      ...rolesIn(of('role')),
      identifiers: identifiersIn(of),
    },
    // Where no claim is configured for it, the roles alone decide.
    services: claims.scope === undefined ? SERVICES : SERVICES.filter((service) => scope.includes(service)),
  };
}

const roleNames: Readonly<Record<string, { readonly role: Role; readonly pki?: Exclude<MoPki, 'both'> }>> = {
  OEM: { role: 'oem' },
  CPO: { role: 'cpo' },
  CPS: { role: 'cps' },
  OPERATOR: { role: 'operator' },
  EMSP: { role: 'emsp' },
  MO: { role: 'emsp' },
  MO_EXTERNAL_PKI: { role: 'emsp', pki: 'own' },
  MO_V2G_PKI: { role: 'emsp', pki: 'ours' },
  MO_HUBJECT_PKI: { role: 'emsp', pki: 'ours' },
};

/** Names that mean nothing here are for others. */
function rolesIn(names: readonly string[]): { roles: Role[]; pki: MoPki } {
  const known = names.flatMap((name) => {
    const upper = name.toUpperCase();
    return Object.hasOwn(roleNames, upper) ? (roleNames[upper] ?? []) : [];
  });
  const pkis = new Set(known.filter(({ role }) => role === 'emsp').map(({ pki }) => pki));
  const [only] = pkis;
  return {
    roles: [...new Set(known.map(({ role }) => role))],
    pki: pkis.size === 1 && only !== undefined ? only : 'both',
  };
}

function identifiersIn(of: (use: ClaimUse) => string[]): Identifiers {
  const read = (kind: IdentifierKind) => of(kind).flatMap((text) => normal(kind, text));
  return {
    wmi: read('wmi'),
    providerId: read('providerId'),
    operatorId: read('operatorId'),
    cpsRoot: read('cpsRoot'),
  };
}

/** What is no identifier opens nothing. */
function normal(kind: IdentifierKind, text: string): string[] {
  try {
    return [identifierKinds[kind].parse(text)];
  } catch (error) {
    if (error instanceof IdentifierError) return [];
    throw error;
  }
}

/** A text, or a list of them. */
function textsIn(value: unknown): string[] {
  return [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
}
