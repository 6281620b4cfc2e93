import { hash } from 'node:crypto';
import { algorithms, type CurveName } from '../algorithms.ts';
import type { Fingerprint } from '../identifiers/fingerprint.ts';
import type { Certificate } from './certificate.ts';
import { ecdsaToDer } from './ecdsa-value.ts';
import { readCertificate } from './read.ts';
import { type Signer, signForX509 } from './signer.ts';
import { assembleCertificate, type CertificateContent, writeTbsCertificate } from './write.ts';

/** A certificate that is written and read, so that all of it can be checked, and not yet signed. */
export interface CertificateDraft {
  /** With a stand-in for the signature, as long as one can be: the size is the largest possible. */
  readonly certificate: Certificate;
  /** The very octets that were checked, signed. The signer's curve is the one that the draft was written for. */
  sign(signer: Signer): Promise<Certificate>;
}

/** @throws RangeError, CertificateError when the content makes no certificate */
export function draftCertificate(content: CertificateContent, curve: CurveName): CertificateDraft {
  const tbs = writeTbsCertificate(content, curve);
  const certificate = readCertificate(assembleCertificate(tbs, curve, longestSignature(curve)));
  return {
    certificate,
    async sign(signer) {
      if (signer.curve !== curve) throw new TypeError(`a draft for ${curve} cannot be signed on ${signer.curve}`);
      const signature = await signForX509(signer, tbs);
      const der = assembleCertificate(tbs, curve, signature);
      return { ...certificate, der, fingerprint: hash('sha256', der, 'hex') as Fingerprint, tbs, signature };
    },
  };
}

function longestSignature(curve: CurveName): Uint8Array {
  const { signatureSize, order } = algorithms[curve];
  const raw = new Uint8Array(signatureSize).fill(0xff);
  return order === undefined ? raw : ecdsaToDer(raw);
}
