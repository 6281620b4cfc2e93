/** Ids of sessions and tokens of enrolment links: 256 random bits, of which only the SHA-256 is kept. */
import { createHash, randomBytes } from 'node:crypto';

const OCTETS = 32;

export function newToken(): string {
  return randomBytes(OCTETS).toString('base64url');
}

/** Hexadecimal. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
