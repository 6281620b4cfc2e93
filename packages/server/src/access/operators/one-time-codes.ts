/** The codes of authenticator apps: TOTP (RFC 6238) with six digits every thirty seconds, as every app has them. */
import { randomBytes } from 'node:crypto';
import type { TOTP } from 'otpauth';
import { onFirstUse } from '../../kernel/first-use.ts';

const codes = onFirstUse(() => import('otpauth'));

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
export async function stepOfCode(secret: Uint8Array, code: string, now: number): Promise<number | undefined> {
  const totp = await totpOf({ secret, issuer: '', name: '' });
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
export async function sourceForApp(source: CodeSource): Promise<{ readonly uri: string; readonly secret: string }> {
  const totp = await totpOf(source);
  return { uri: totp.toString(), secret: totp.secret.base32 };
}

async function totpOf({ secret, issuer, name }: CodeSource): Promise<TOTP> {
  const { Secret, TOTP } = await codes();
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
