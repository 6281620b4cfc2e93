/** The codes of authenticator apps: TOTP (RFC 6238) with six digits every thirty seconds, as every app has them. */
import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

/** RFC 4226 §4: as long as the hash. */
const SECRET_OCTETS = 20;
const PERIOD_S = 30;
/** Steps before and after: clocks differ, and people type. */
const WINDOW = 1;

export function newCodeSecret(): Uint8Array {
  return Uint8Array.from(randomBytes(SECRET_OCTETS));
}

/**
 * The time step of this code; undefined when it is none of about this moment.
 * @param now epoch milliseconds
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number): number | undefined {
  const totp = totpOf({ secret, issuer: '', name: '' });
  const delta = totp.validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}

export interface CodeSource {
  readonly secret: Uint8Array;
  /** Which server; apps show it above the code. */
  readonly issuer: string;
  readonly name: string;
}

/** What goes into an app: as a URI for a QR code, and the secret in Base32 for who types it. */
export function sourceForApp(source: CodeSource): { readonly uri: string; readonly secret: string } {
  const totp = totpOf(source);
  return { uri: totp.toString(), secret: totp.secret.base32 };
}

function totpOf({ secret, issuer, name }: CodeSource): TOTP {
  const own = Uint8Array.from(secret);
  return new TOTP({
    issuer,
    label: name,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: new Secret({ buffer: own.buffer }),
  });
}
