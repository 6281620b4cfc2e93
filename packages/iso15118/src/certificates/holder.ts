import { hash } from 'node:crypto';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, tags } from '../der/tags.ts';
import type { Fingerprint } from '../identifiers/fingerprint.ts';
import type { Certificate } from './certificate.ts';
import { readingDer } from './certificate-error.ts';
import { commonNameOf, readName } from './name.ts';
import { readPublicKey } from './public-key.ts';

/** What a certificate says of whom it is for. */
export interface Holder extends Pick<Certificate, 'der' | 'fingerprint' | 'notBefore' | 'notAfter' | 'publicKey'> {
  /** The most specific one of the subject. */
  readonly commonName: string | undefined;
}

/**
 * Reads of a certificate only whom it is for, in a fraction of the time of `readCertificate`. What stands elsewhere in it
 * is stepped over and may be anything, so this is for octets that were read in full before, such as those that turn out to
 * have the fingerprint of a certificate that is kept.
 * @param der exactly one certificate, of which no copy is made
 * @throws CertificateError where `readCertificate` does not get that far either
 */
export function readHolder(der: Uint8Array): Holder {
  return readingDer(() => {
    const outer = new DerReader(der);
    const certificate = outer.enter(tags.sequence, 'certificate');
    outer.finish('the certificate');
    const tbs = certificate.enter(tags.sequence, 'tbsCertificate');
    if (tbs.peek() === contextConstructed(0)) tbs.next(undefined, 'version');
    tbs.next(tags.integer, 'serialNumber');
    tbs.next(tags.sequence, 'signature');
    tbs.next(tags.sequence, 'issuer');
    const validity = tbs.enter(tags.sequence, 'validity');
    const notBefore = validity.readTime('notBefore');
    const notAfter = validity.readTime('notAfter');
    const commonName = commonNameOf(readName(tbs, 'subject'));
    const publicKey = readPublicKey(tbs);
    const fingerprint = hash('sha256', der, 'hex') as Fingerprint;
    return { der, fingerprint, commonName, notBefore, notAfter, publicKey };
  });
}
