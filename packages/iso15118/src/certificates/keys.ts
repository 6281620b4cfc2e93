import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { algorithms, type CurveName } from '../algorithms.ts';
import { contextConstructed } from '../der/tags.ts';
import { bitString, encodeDer, octetString, oid, raw, sequence, tagged, unsignedInteger } from '../der/writer.ts';
import { shortLivedCopy } from '../octets.ts';
import type { PublicKey } from './certificate.ts';
import { spkiOf } from './public-key.ts';
import { publicKeyOf, publicKeyOn } from './signer.ts';

export interface KeyPair extends PublicKey {
  readonly privateKey: KeyObject;
  /** The public half for node:crypto; `point` and `spki` beside it are the same key as octets. */
  readonly publicKey: KeyObject;
}

export function generateKeyPair(curve: CurveName): KeyPair {
  if (curve === 'ed448') {
    const { privateKey, publicKey } = generateKeyPairSync('ed448');
    return { privateKey, publicKey, ...publicKeyOf(publicKey) };
  }
  const namedCurve = algorithms[curve].ecdhName ?? curve;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return { privateKey, publicKey, ...publicKeyOn(curve, publicKey) };
}

/** A key pair whose private half is going to be sealed and is used for nothing else. */
export interface ScalarAndPoint extends PublicKey {
  /** Big-endian. Overwrite it after use. */
  readonly scalar: Uint8Array;
}

/** As octets from the start: to get them out of a key object costs more than to make the key. */
export function generateScalarAndPoint(curve: 'secp256r1' | 'secp521r1'): ScalarAndPoint {
  const { ecdhName = curve, scalarSize } = algorithms[curve];
  const ecdh = createECDH(ecdhName);
  const point = shortLivedCopy(ecdh.generateKeys());
  const short = ecdh.getPrivateKey();
  const scalar = new Uint8Array(scalarSize);
  // Zeros in front are left out.
  scalar.set(short, scalarSize - short.length);
  short.fill(0);
  return { curve, scalar, point, spki: spkiOf(curve, point) };
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
