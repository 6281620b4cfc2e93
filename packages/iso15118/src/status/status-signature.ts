import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';

/**
 * Algorithms with which answers about certificates are signed in the field. Certificates of ISO 15118 know three of
 * them; responders and their certificates may use the others. SHA-1 and MD5 are not here, and never will be.
 */
const signatureAlgorithms: Readonly<Record<string, { readonly hash: string | null; readonly keyType: string }>> = {
  '1.2.840.10045.4.3.2': { hash: 'sha256', keyType: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', keyType: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', keyType: 'ec' },
  '1.2.840.113549.1.1.11': { hash: 'sha256', keyType: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', keyType: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', keyType: 'rsa' },
  '1.3.101.112': { hash: null, keyType: 'ed25519' },
  '1.3.101.113': { hash: null, keyType: 'ed448' },
};

const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const leastRsaBits = 2048;
const mostRsaBits = 8192;

/** A public key of any kind, not yet given to node:crypto. */
export interface AnyPublicKey {
  /** Content of the BIT STRING: what key hashes are made of. */
  readonly point: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

export function readAnyPublicKey(reader: DerReader): AnyPublicKey {
  const element = reader.next(tags.sequence, 'public key');
  const info = reader.within(element);
  info.next(tags.sequence, 'public key algorithm');
  const point = info.readOctetAlignedBits('public key');
  info.finish('public key');
  return { point, spki: reader.whole(element) };
}

export type StatusSignature = 'valid' | 'invalid' | 'unsupported-algorithm' | 'unsupported-key';

/** Verifies a signature by the OID it names; a weak or unknown key or algorithm is told apart from a wrong signature. */
export function checkStatusSignature(
  spki: Uint8Array,
  algorithmOid: string,
  data: Uint8Array,
  signature: Uint8Array,
): StatusSignature {
  const algorithm = Object.hasOwn(signatureAlgorithms, algorithmOid) ? signatureAlgorithms[algorithmOid] : undefined;
  if (algorithm === undefined) {
    return 'unsupported-algorithm';
  }
  const key = usableKey(spki);
  if (key === undefined) {
    return 'unsupported-key';
  }
  const fits = key.asymmetricKeyType === algorithm.keyType;
  return fits && verify(algorithm.hash, data, key, signature) ? 'valid' : 'invalid';
}

function usableKey(spki: Uint8Array): KeyObject | undefined {
  const key = keyOf(spki);
  const { modulusLength = 0, namedCurve } = key?.asymmetricKeyDetails ?? {};
  switch (key?.asymmetricKeyType) {
    case 'ec':
      return curves.has(namedCurve) ? key : undefined;
    case 'rsa':
      return modulusLength >= leastRsaBits && modulusLength <= mostRsaBits ? key : undefined;
    case 'ed25519':
    case 'ed448':
      return key;
    default:
      return undefined;
  }
}

/** node:crypto throws its own errors for octets that are no key: here they only mean that there is none. */
function keyOf(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
