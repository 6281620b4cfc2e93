import { createPublicKey, type KeyObject } from 'node:crypto';
import { algorithmOfKey, algorithms, type CurveName, ecPublicKeyOid } from '../algorithms.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { bitString, encodeShortLivedDer, oid, sequence } from '../der/writer.ts';
import type { PublicKey } from './certificate.ts';
import { CertificateError } from './certificate-error.ts';

/**
 * SubjectPublicKeyInfo (RFC 5480, RFC 8410).
 * @throws CertificateError `unsupported-key` for RSA, other curves and compressed points; `point-not-on-curve`
 */
export function readPublicKey(reader: DerReader): PublicKey {
  const element = reader.next(tags.sequence, 'public key');
  const info = reader.within(element);
  const algorithm = info.enter(tags.sequence, 'public key algorithm');
  const keyOid = algorithm.readOid('public key algorithm');
  const curveOid = keyOid === ecPublicKeyOid && algorithm.peek() === tags.oid ? algorithm.readOid('curve') : undefined;
  const entry = algorithm.done ? algorithmOfKey(keyOid, curveOid) : undefined;
  if (entry === undefined) {
    throw new CertificateError(
      'unsupported-key',
      `public key of algorithm ${keyOid}${curveOid === undefined ? '' : ` on curve ${curveOid}`} is not supported: ` +
        'ISO 15118 uses secp256r1, secp521r1 and Ed448',
      element.start,
    );
  }
  const point = info.readOctetAlignedBits('public key');
  info.finish('public key');
  const problem = pointProblem(entry.curve, point);
  if (problem !== undefined) {
    throw new CertificateError(problem.kind, problem.text, element.start);
  }
  return { curve: entry.curve, point, spki: reader.whole(element) };
}

/** What is wrong with the octets of a public key; `undefined` when nothing is. Ed448 keys are only measured. */
export function pointProblem(
  curve: CurveName,
  point: Uint8Array,
): { readonly kind: 'unsupported-key' | 'point-not-on-curve'; readonly text: string } | undefined {
  const { pointSize, equation } = algorithms[curve];
  if (point.length !== pointSize || (equation !== undefined && point[0] !== 0x04)) {
    return { kind: 'unsupported-key', text: `a public key on ${curve} must be ${pointSize} octets, uncompressed` };
  }
  if (equation !== undefined && !isOnCurve(point, equation)) {
    return { kind: 'point-not-on-curve', text: `public key is not a point on ${curve}` };
  }
  return undefined;
}

/**
 * Asks the equation itself, since a certificate is read for each request and OpenSSL takes longer to build the point. The
 * point at infinity has no uncompressed form.
 */
function isOnCurve(point: Uint8Array, { prime, b }: { readonly prime: bigint; readonly b: bigint }): boolean {
  const size = (point.length - 1) / 2;
  const hex = Buffer.from(point.buffer, point.byteOffset, point.byteLength).toString('hex');
  const x = BigInt(`0x${hex.slice(2, 2 + 2 * size)}`);
  const y = BigInt(`0x${hex.slice(2 + 2 * size)}`);
  return x < prime && y < prime && (y * y - (x * x - 3n) * x - b) % prime === 0n;
}

/**
 * The public key of a SubjectPublicKeyInfo for node:crypto. In PEM: what it takes as a text it need not examine as a
 * description of a key, which costs as much as reading the key.
 */
export function keyFromSpki(spki: Uint8Array): KeyObject {
  const base64 = Buffer.from(spki.buffer, spki.byteOffset, spki.byteLength).toString('base64');
  // All in one line, of which OpenSSL reads 254 characters: the longest key here has 212.
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
}

/** SubjectPublicKeyInfo of a point. */
export function spkiOf(curve: CurveName, point: Uint8Array): Uint8Array {
  const { keyOid, curveOid } = algorithms[curve];
  const algorithm = curveOid === undefined ? sequence(oid(keyOid)) : sequence(oid(keyOid), oid(curveOid));
  return encodeShortLivedDer(sequence(algorithm, bitString(point)));
}
