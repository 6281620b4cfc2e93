import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { algorithms, type CurveName } from '../algorithms.ts';
import { contextConstructed } from '../der/tags.ts';
import { bitString, encodeDer, octetString, oid, raw, sequence, tagged, unsignedInteger } from '../der/writer.ts';
import type { PublicKey } from './certificate.ts';
import { publicKeyOf } from './signer.ts';

export interface KeyPair extends PublicKey {
  readonly privateKey: KeyObject;
  /** The public half for node:crypto; `point` and `spki` beside it are the same key as octets. */
  readonly publicKey: KeyObject;
}

export function generateKeyPair(curve: CurveName): KeyPair {
  const { privateKey, publicKey } =
    curve === 'ed448'
      ? generateKeyPairSync('ed448')
      : generateKeyPairSync('ec', { namedCurve: algorithms[curve].ecdhName ?? curve });
  return { privateKey, publicKey, ...publicKeyOf(publicKey) };
}

/**
 * Private key of a scalar and its point (RFC 5915 in PKCS #8), for node:crypto.
 * @param scalar big-endian, 32 octets for secp256r1 and 66 for secp521r1; the caller has checked its range
 */
export function privateKeyFromScalar(
  curve: 'secp256r1' | 'secp521r1',
  scalar: Uint8Array,
  point: Uint8Array,
): KeyObject {
  const { keyOid, curveOid } = algorithms[curve];
  const ecPrivateKey = sequence(
    unsignedInteger(1),
    octetString(raw(scalar)),
    tagged(contextConstructed(1), bitString(point)),
  );
  const pkcs8 = Buffer.from(
    encodeDer(sequence(unsignedInteger(0), sequence(oid(keyOid), oid(curveOid ?? '')), octetString(ecPrivateKey)))
      .buffer,
  );
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } finally {
    pkcs8.fill(0);
  }
}

/** Serial number of 16 random octets: positive, and never short (RFC 5280 §4.1.2.2). */
export function randomSerialNumber(random: (octets: number) => Uint8Array = randomBytes): Uint8Array {
  const serial = Uint8Array.from(random(16));
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  return serial;
}
