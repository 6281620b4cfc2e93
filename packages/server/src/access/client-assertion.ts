/** Clients without a shared secret: a JWT that the client signs with its own key (RFC 7523 §2.2 and §3). */
import type { JSONWebKeySet } from 'jose';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import type { Clock } from '../kernel/clock.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Those with a public key. */
export const ASSERTION_ALGORITHMS = ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'EdDSA', 'Ed25519'];

export interface AssertionParts {
  readonly clock: Clock;
  /** The token endpoint, and what clients in the field write instead. */
  readonly audiences: readonly string[];
  /** The public keys of a client; undefined for who is unknown, disabled, or has none. */
  readonly keysOf: (clientId: string) => Promise<JSONWebKeySet | undefined>;
}

const CLOCK_TOLERANCE_S = 5;
const LONGEST_LIFE_S = 600;
const MOST_USED = 100_000;

/** Returns a function that gives the id of the client that signed, or undefined. */
export function assertionVerifier({ clock, audiences, keysOf }: AssertionParts) {
  // One use each, for as long as it could be used; each process remembers its own.
  const used = new BoundedCache<true>(MOST_USED);

  return async (assertion: string): Promise<string | undefined> => {
    const { createLocalJWKSet, decodeJwt, errors, jwtVerify } = await import('jose');
    try {
      const { sub: clientId } = decodeJwt(assertion);
      const keys = clientId === undefined ? undefined : await keysOf(clientId);
      if (clientId === undefined || keys === undefined) return undefined;
      const now = clock.now();
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(keys), {
        issuer: clientId,
        subject: clientId,
        audience: [...audiences],
        algorithms: ASSERTION_ALGORITHMS,
        requiredClaims: ['exp', 'jti'],
        currentDate: new Date(now),
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      const { exp = 0, jti = '' } = payload;
      const key = `${clientId} ${jti}`;
      if (exp > now / 1000 + LONGEST_LIFE_S || used.get(key, now) === true) return undefined;
      used.set(key, true, (exp + CLOCK_TOLERANCE_S) * 1000);
      return clientId;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  };
}
