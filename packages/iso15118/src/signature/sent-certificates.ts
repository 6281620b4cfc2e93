/** Certificates as messages of both editions carry them. */
import type { X509IssuerSerial } from '@plugpool/exi';
import { type Certificate, serialNumberOf } from '../certificates/certificate.ts';
import { formatRfc4514 } from '../certificates/name.ts';

/** A chain as it is sent: without its root, and with one or two sub CAs. */
export interface SentChain {
  readonly certificate: Certificate | Uint8Array;
  readonly subCa2?: Certificate | Uint8Array | undefined;
  readonly subCa1: Certificate | Uint8Array;
}

/** How a message names a root that the car has: issuer as RFC 4514 text, and serial number. */
export function rootIdOf(root: Certificate | X509IssuerSerial): X509IssuerSerial {
  return 'der' in root ? { X509IssuerName: formatRfc4514(root.issuer), X509SerialNumber: serialNumberOf(root) } : root;
}

/** DER. Fits the chains of both editions. */
interface ChainInMessage {
  Certificate: Uint8Array;
  SubCertificates: { Certificate: Uint8Array[] };
}

/** Leaf, then sub CA 2, then sub CA 1. */
export function chainOf({ certificate, subCa2, subCa1 }: SentChain): ChainInMessage {
  const subCertificates = [...(subCa2 === undefined ? [] : [derOf(subCa2)]), derOf(subCa1)];
  return { Certificate: derOf(certificate), SubCertificates: { Certificate: subCertificates } };
}

export function derOf(certificate: Certificate | Uint8Array): Uint8Array {
  return certificate instanceof Uint8Array ? certificate : certificate.der;
}
