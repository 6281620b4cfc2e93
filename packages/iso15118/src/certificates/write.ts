import type { CurveName } from '../algorithms.ts';
import { contextConstructed } from '../der/tags.ts';
import { bitString, encodeShortLivedDer, raw, sequence, tagged, time, unsignedInteger } from '../der/writer.ts';
import { type Extension, extensionList } from './extensions.ts';
import type { Name } from './name.ts';
import { type Signer, signatureAlgorithmOf, signForX509 } from './signer.ts';

export interface CertificateContent {
  /** Unsigned, big-endian; `randomSerialNumber()` for everything issued. */
  readonly serialNumber: Uint8Array;
  /** Subject of the signer's certificate: its DER is repeated octet by octet. */
  readonly issuer: Name;
  readonly subject: Name;
  /** Epoch milliseconds, cut to whole seconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo of the subject. */
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

/**
 * Issues a certificate (RFC 5280 §4.1, version 3) signed with the algorithm of the signer's curve.
 * @returns DER
 * @throws RangeError when the validity ends before it begins or a time cannot be told in a certificate
 */
export async function writeCertificate(content: CertificateContent, signer: Signer): Promise<Uint8Array> {
  const tbs = writeTbsCertificate(content, signer.curve);
  return assembleCertificate(tbs, signer.curve, await signForX509(signer, tbs));
}

/**
 * What is signed of a certificate.
 * @param curve of the key that will sign it
 * @throws RangeError as `writeCertificate`
 */
export function writeTbsCertificate(content: CertificateContent, curve: CurveName): Uint8Array {
  if (!(content.notBefore <= content.notAfter)) {
    throw new RangeError('the validity of a certificate must not end before it begins');
  }
  return encodeShortLivedDer(
    sequence(
      tagged(contextConstructed(0), unsignedInteger(2)),
      unsignedInteger(content.serialNumber),
      signatureAlgorithmOf(curve),
      raw(content.issuer.der),
      sequence(time(content.notBefore), time(content.notAfter)),
      raw(content.subject.der),
      raw(content.spki),
      ...(content.extensions.length === 0 ? [] : [tagged(contextConstructed(3), extensionList(content.extensions))]),
    ),
  );
}

/** @param signature as certificates carry it (`signForX509`) */
export function assembleCertificate(tbs: Uint8Array, curve: CurveName, signature: Uint8Array): Uint8Array {
  return encodeShortLivedDer(sequence(raw(tbs), signatureAlgorithmOf(curve), bitString(signature)));
}
