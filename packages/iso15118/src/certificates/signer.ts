import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { algorithms, type CurveName } from '../algorithms.ts';
import { DerReader } from '../der/reader.ts';
import { type DerNode, oid, sequence } from '../der/writer.ts';
import type { PublicKey } from './certificate.ts';
import { CertificateError, readingDer } from './certificate-error.ts';
import { ecdsaFromDer, ecdsaToDer } from './ecdsa-value.ts';
import { readPublicKey, spkiOf } from './public-key.ts';

/**
 * Port to a private key, wherever it lives. `sign` hashes and signs with the algorithm of the curve and gives the raw
 * signature: r‖s of ECDSA (64 or 132 octets), or the 114 octets of Ed448.
 */
export interface Signer {
  readonly curve: CurveName;
  readonly publicKey: Pick<PublicKey, 'point' | 'spki'>;
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * A signer over a private key in this process.
 * @throws CertificateError `unsupported-key` when the key is on none of the curves of ISO 15118
 */
export function softwareSigner(privateKey: KeyObject): Signer {
  const { curve, point, spki } = publicKeyOf(createPublicKey(privateKey));
  const { signatureHash, signatureSize, order } = algorithms[curve];
  return {
    curve,
    publicKey: { point, spki },
    sign(data) {
      const signature = sign(signatureHash, data, privateKey);
      return order === undefined ? Uint8Array.from(signature) : ecdsaFromDer(signature, signatureSize);
    },
  };
}

/** @throws CertificateError `unsupported-key` when the key is on none of the curves of ISO 15118 */
export function publicKeyOf(key: KeyObject): PublicKey {
  const curve = curveNames.find((name) => algorithms[name].ecdhName === key.asymmetricKeyDetails?.namedCurve);
  if (curve !== undefined && key.asymmetricKeyType === 'ec') return publicKeyOn(curve, key);
  const spki = Uint8Array.from(key.export({ format: 'der', type: 'spki' }));
  return readingDer(() => readPublicKey(new DerReader(spki)));
}

/** Of a key that is known to be on the curve. OpenSSL's encoder of SubjectPublicKeyInfo costs more than that of coordinates. */
export function publicKeyOn(curve: (typeof curveNames)[number], key: KeyObject): PublicKey {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Uint8Array.from(
    // What is called base64 here reads base64url too, and Buffers of browsers have no other.
    Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64'), Buffer.from(y, 'base64')]),
  );
  return { curve, point, spki: spkiOf(curve, point) };
}

const curveNames = ['secp256r1', 'secp521r1'] as const;

/**
 * Signs, and gives the signature as certificates and requests carry it: ECDSA-Sig-Value in DER, Ed448 as it is.
 * @throws CertificateError `malformed` when the signer answers with another number of octets
 */
export async function signForX509(signer: Signer, data: Uint8Array): Promise<Uint8Array> {
  const { signatureSize, order } = algorithms[signer.curve];
  const signature = await signer.sign(data);
  if (signature.length !== signatureSize) {
    throw new CertificateError('malformed', `signer gave ${signature.length} octets, ${signatureSize} are needed`);
  }
  if (order === undefined) {
    return signature;
  }
  return ecdsaToDer(signature);
}

/** AlgorithmIdentifier of signatures made on a curve: never any parameters (RFC 5758 §3.2, RFC 8410 §3). */
export function signatureAlgorithmOf(curve: CurveName): DerNode {
  return sequence(oid(algorithms[curve].signatureOid));
}
