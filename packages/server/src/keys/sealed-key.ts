/**
 * A private key at rest: AES-256-GCM under a key of its own, derived from the master secret (HKDF-SHA256, RFC 5869).
 * Layout: version (1) ‖ mark of the master secret (8) ‖ salt (16) ‖ IV (12) ‖ ciphertext ‖ tag (16), in octets.
 * The id of the key and everything before the ciphertext are authenticated, so rows cannot be exchanged.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

const VERSION = 1;
const MARK_OCTETS = 8;
const SALT_OCTETS = 16;
const IV_OCTETS = 12;
const TAG_OCTETS = 16;
const SALT_AT = 1 + MARK_OCTETS;
const IV_AT = SALT_AT + SALT_OCTETS;
const HEAD_OCTETS = IV_AT + IV_OCTETS;
const NO_SALT = new Uint8Array(0);

/** A sealed key cannot be opened; the message says why. */
export class SealedKeyError extends Error {
  override readonly name = 'SealedKeyError';
}

/** @param id names the row; the same id is needed to open */
export function sealKey(masterSecret: Uint8Array, id: string, pkcs8: Uint8Array): Uint8Array {
  const head = Buffer.concat([
    Uint8Array.of(VERSION),
    markOf(masterSecret),
    randomBytes(SALT_OCTETS),
    randomBytes(IV_OCTETS),
  ]);
  const cipher = createCipheriv('aes-256-gcm', keyFor(masterSecret, head), head.subarray(IV_AT));
  cipher.setAAD(authenticated(head, id));
  return Buffer.concat([head, cipher.update(pkcs8), cipher.final(), cipher.getAuthTag()]);
}

/** @throws SealedKeyError when the master secret is another one, or the sealed octets or their id were changed */
export function openKey(masterSecret: Uint8Array, id: string, sealed: Uint8Array): Uint8Array {
  if (sealed.length < HEAD_OCTETS + TAG_OCTETS || sealed[0] !== VERSION) throw damaged(id);
  const head = sealed.subarray(0, HEAD_OCTETS);
  if (!timingSafeEqual(head.subarray(1, SALT_AT), markOf(masterSecret))) {
    throw new SealedKeyError('the private keys in this database were sealed with another master secret');
  }
  const decipher = createDecipheriv('aes-256-gcm', keyFor(masterSecret, head), head.subarray(IV_AT), {
    authTagLength: TAG_OCTETS,
  });
  decipher.setAAD(authenticated(head, id));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_OCTETS));
  try {
    // GCM is a stream cipher: all of the plain text comes from `update`, and `final` only checks the tag.
    const pkcs8 = decipher.update(sealed.subarray(HEAD_OCTETS, sealed.length - TAG_OCTETS));
    decipher.final();
    return pkcs8;
  } catch (cause) {
    throw damaged(id, cause);
  }
}

/** Tells one master secret from another and nothing about either: a wrong one is named, not guessed from a bad tag. */
function markOf(masterSecret: Uint8Array): Uint8Array {
  return derive(masterSecret, NO_SALT, 'plugpool master secret mark', MARK_OCTETS);
}

function keyFor(masterSecret: Uint8Array, head: Uint8Array): Uint8Array {
  return derive(masterSecret, head.subarray(SALT_AT, IV_AT), 'plugpool private key', 32);
}

function derive(masterSecret: Uint8Array, salt: Uint8Array, info: string, octets: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterSecret, salt, info, octets));
}

function authenticated(head: Uint8Array, id: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(id)]);
}

function damaged(id: string, cause?: unknown): SealedKeyError {
  return new SealedKeyError(`the private key ${id} in this database is damaged`, { cause });
}
