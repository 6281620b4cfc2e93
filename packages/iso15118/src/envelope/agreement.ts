import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type ECDH,
  generateKeyPairSync,
  hash,
  KeyObject,
} from 'node:crypto';
import { algorithms } from '../algorithms.ts';
import { generateKeyPair } from '../certificates/keys.ts';
import { keyFromSpki, spkiOf } from '../certificates/public-key.ts';
import { bitString, encodeDer, octetString, oid, raw, sequence, unsignedInteger } from '../der/writer.ts';
import { shortLivedCopy } from '../octets.ts';
import { EnvelopeError } from './envelope-error.ts';
import type { EnvelopeScheme } from './scheme.ts';

const x448Oid = '1.3.101.111';

/** The shared secret Z, and the public half of the private key that was used. The caller overwrites Z. */
export interface Agreement {
  readonly sharedSecret: Uint8Array;
  readonly ownPublicKey: Uint8Array;
}

/** Agreement of the sealing side: with a fresh key pair, or the private key that a test vector gives. */
export function agreeEphemeral(scheme: EnvelopeScheme, peer: Uint8Array, ephemeral: Uint8Array | undefined): Agreement {
  if (scheme.curve === 'x448') {
    const privateKey = ephemeral === undefined ? generateKeyPairSync('x448').privateKey : x448PrivateKey(ephemeral);
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    const ownPublicKey = Uint8Array.from(spki.subarray(-scheme.dhPublicKeySize));
    return { sharedSecret: diffie(privateKey, x448PublicKey(peer)), ownPublicKey };
  }
  // An ECDH object checks its own key once more. On P-521 that is half of an agreement, on P-256 less than two key objects.
  if (ephemeral === undefined && scheme.curve === 'secp521r1') {
    const { privateKey, point } = generateKeyPair(scheme.curve);
    return { sharedSecret: diffie(privateKey, keyFromSpki(spkiOf(scheme.curve, peer))), ownPublicKey: point };
  }
  const ecdh = createECDH(algorithms[scheme.curve].ecdhName ?? '');
  const ownPublicKey = ephemeral === undefined ? ecdh.generateKeys() : pointOfScalar(ecdh, ephemeral);
  return { sharedSecret: ecdh.computeSecret(peer), ownPublicKey: shortLivedCopy(ownPublicKey) };
}

/**
 * Agreement of the vehicle.
 * @param own scalar (or the 56 octets of X448), or a key object
 */
export function agreeStatic(scheme: EnvelopeScheme, peer: Uint8Array, own: Uint8Array | KeyObject): Uint8Array {
  if (!(own instanceof KeyObject)) {
    return agreeEphemeral(scheme, peer, own).sharedSecret;
  }
  return diffie(own, scheme.curve === 'x448' ? x448PublicKey(peer) : keyFromSpki(spkiOf(scheme.curve, peer)));
}

/**
 * K = the leftmost octets of H(00000001 ‖ Z ‖ 01 55 56), the one-step KDF of NIST SP 800-56A with ISO's party ids
 * [V2G2-818], [V2G20-2535].
 */
export function deriveKey(scheme: EnvelopeScheme, sharedSecret: Uint8Array): Uint8Array {
  const input = Buffer.concat([Uint8Array.of(0, 0, 0, 1), sharedSecret, Uint8Array.of(0x01, 0x55, 0x56)]);
  const digest = hash(scheme.hash, input, 'buffer');
  input.fill(0);
  const key = Uint8Array.from(digest.subarray(0, scheme.keySize));
  digest.fill(0);
  return key;
}

/** The object has the private key from then on. */
function pointOfScalar(ecdh: ECDH, scalar: Uint8Array): Uint8Array {
  try {
    ecdh.setPrivateKey(scalar);
    return ecdh.getPublicKey();
  } catch (cause) {
    throw new EnvelopeError('scalar-out-of-range', 'vehicleKey', 'the private key is not one on this curve', { cause });
  }
}

/** OpenSSL refuses keys of another curve, and the all-zero secret of a low-order point (RFC 7748 §6.2). */
function diffie(privateKey: KeyObject, publicKey: KeyObject): Uint8Array {
  try {
    return diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new EnvelopeError('no-shared-secret', 'dhPublicKey', 'no shared secret comes of these two keys', { cause });
  }
}

function x448PrivateKey(octets: Uint8Array): KeyObject {
  const der = Buffer.from(
    encodeDer(sequence(unsignedInteger(0), sequence(oid(x448Oid)), octetString(octetString(raw(octets))))).buffer,
  );
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}

function x448PublicKey(octets: Uint8Array): KeyObject {
  return keyFromSpki(encodeDer(sequence(sequence(oid(x448Oid)), bitString(octets))));
}
