import { type Certificate, namesEqual } from '@plugpool/iso15118';
import type { CertificateChain } from '../roles/certificate-chain.ts';

/** A leaf with its sub CAs from among `authorities`. @throws RangeError when its issuer is not among them */
export function sentChain(certificate: Certificate, authorities: readonly Certificate[]): CertificateChain {
  const [first, second] = subCasOf(certificate, authorities);
  if (first === undefined) throw new RangeError('the CA that issued a certificate is not among the CA certificates');
  return second === undefined ? { certificate, subCa1: first } : { certificate, subCa2: first, subCa1: second };
}

/** The sub CAs above a certificate, the nearest first, without the root; as far as they are among `authorities`. */
export function subCasOf(certificate: Certificate, authorities: readonly Certificate[]): Certificate[] {
  const subCas: Certificate[] = [];
  let below = certificate;
  for (;;) {
    const issuer = authorities.find(({ subject }) => namesEqual(subject, below.issuer));
    if (issuer === undefined || namesEqual(issuer.subject, issuer.issuer) || subCas.includes(issuer)) return subCas;
    subCas.push(issuer);
    below = issuer;
  }
}
