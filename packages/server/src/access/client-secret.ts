/**
 * Secrets of clients: 256 random bits, shown once, kept as SHA-256. A hash made slow on purpose protects what people
 * choose and can be guessed; nobody guesses 256 bits, and the token endpoint has thousands of them to check a second.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_OCTETS = 32;
const ID_OCTETS = 16;

/** 43 characters that need no escaping, neither in a URL nor in HTTP Basic. */
export function newSecret(): string {
  return randomBytes(SECRET_OCTETS).toString('base64url');
}

export function newClientId(): string {
  return randomBytes(ID_OCTETS).toString('hex');
}

export function hashOfSecret(secret: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(secret).digest());
}

const nobodysHash = hashOfSecret(newSecret());

/** Compares with every hash, and with one when there is none, so that the time tells nothing. */
export function isOneOf(secret: string, hashes: readonly Uint8Array[]): boolean {
  const hash = hashOfSecret(secret);
  const found = (hashes.length === 0 ? [nobodysHash] : hashes).map((known) => timingSafeEqual(hash, known));
  return hashes.length > 0 && found.includes(true);
}
