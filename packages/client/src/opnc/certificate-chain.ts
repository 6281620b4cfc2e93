import type { Certificate } from '@plugpool/iso15118';
import type { JsonAnswer } from '../http/json-answer.ts';

/** A leaf with its sub CAs; with one sub CA only, that is sub CA 1. The root is never sent. */
export interface CertificateChain {
  readonly certificate: Certificate;
  readonly subCa2?: Certificate | undefined;
  readonly subCa1: Certificate;
}

export function toOpncChain({ certificate, subCa2, subCa1 }: CertificateChain) {
  return {
    certificate: base64(certificate.der),
    subCa2Certificate: subCa2 && base64(subCa2.der),
    subCa1Certificate: base64(subCa1.der),
  };
}

export function fromOpncChain(chain: JsonAnswer): CertificateChain {
  return {
    certificate: chain.at('certificate').certificate(),
    subCa2: chain.optional('subCa2Certificate', (field) => field.certificate()),
    subCa1: chain.at('subCa1Certificate').certificate(),
  };
}

export function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
}
