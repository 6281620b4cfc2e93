import { hash } from 'node:crypto';
import { algorithmOfSignature } from '../algorithms.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, tags } from '../der/tags.ts';
import type { Fingerprint } from '../identifiers/fingerprint.ts';
import type { Certificate } from './certificate.ts';
import { CertificateError, readingDer } from './certificate-error.ts';
import { type Extensions, readExtensions } from './extensions-read.ts';
import { readName } from './name.ts';
import { readPublicKey } from './public-key.ts';

const noExtensions: Extensions = {
  extendedKeyUsage: [],
  ocspUrls: [],
  caIssuerUrls: [],
  crlUrls: [],
  certificatePolicies: [],
  unknownCriticalExtensions: [],
};
const longestSerial = 32;

/**
 * Reads one X.509 certificate (RFC 5280 §4.1) in one pass. What it returns keeps a copy of the octets, so the input may
 * change afterwards.
 * @param der exactly one certificate; octets behind it are refused
 * @throws CertificateError, and no other error, for everything that is not such a certificate with a key on a curve of
 * ISO 15118
 */
export function readCertificate(der: Uint8Array): Certificate {
  return readCertificateWith(der, readPublicKey);
}

/** A certificate whose key may be of a kind that `readKey` knows and ISO 15118 does not. */
export type CertificateWith<Key> = Omit<Certificate, 'publicKey'> & { readonly publicKey: Key };

/**
 * The same with another reader for the public key: responders that sign answers about certificates may use RSA.
 * @throws CertificateError
 */
export function readCertificateWith<Key>(der: Uint8Array, readKey: (reader: DerReader) => Key): CertificateWith<Key> {
  return readingDer(() => {
    const outer = new DerReader(der.length > 65_536 ? der : Uint8Array.from(der));
    const certificate = outer.enter(tags.sequence, 'certificate');
    outer.finish('the certificate');
    const tbsElement = certificate.next(tags.sequence, 'tbsCertificate');
    const signatureAlgorithm = readSignatureAlgorithm(certificate, 'signatureAlgorithm');
    const signature = certificate.readOctetAlignedBits('signatureValue');
    certificate.finish('the signature');
    const { algorithm, ...content } = readTbs(certificate.within(tbsElement), readKey);
    if (algorithm !== signatureAlgorithm.oid) {
      throw new CertificateError('algorithm-mismatch', 'the certificate names two different signature algorithms');
    }
    return {
      der: outer.bytes,
      fingerprint: hash('sha256', outer.bytes, 'hex') as Fingerprint,
      ...content,
      signatureAlgorithm,
      tbs: certificate.whole(tbsElement),
      signature,
    };
  });
}

function readTbs<Key>(tbs: DerReader, readKey: (reader: DerReader) => Key) {
  const version = tbs.peek() === contextConstructed(0) ? readVersion(tbs) : 0;
  const serialNumber = tbs.readInteger('serialNumber');
  if (serialNumber.length > longestSerial) {
    throw new CertificateError('malformed', `serial number has more than ${longestSerial} octets`);
  }
  const algorithm = readSignatureAlgorithm(tbs, 'signature').oid;
  const issuer = readName(tbs, 'issuer');
  const validity = tbs.enter(tags.sequence, 'validity');
  const notBefore = validity.readTime('notBefore');
  const notAfter = validity.readTime('notAfter');
  validity.finish('validity');
  const subject = readName(tbs, 'subject');
  const publicKey = readKey(tbs);
  skipUniqueIdentifiers(tbs);
  const extensions = tbs.peek() === contextConstructed(3) ? readWrappedExtensions(tbs, version) : noExtensions;
  tbs.finish('the last field of tbsCertificate');
  return {
    algorithm,
    serialNumber,
    serialHex: hexWithoutZeros(serialNumber),
    issuer,
    notBefore,
    notAfter,
    subject,
    publicKey,
    ...extensions,
  };
}

function readVersion(tbs: DerReader): number {
  const wrapper = tbs.enter(contextConstructed(0), 'version');
  const version = wrapper.readSmallInteger('version');
  wrapper.finish('version');
  if (version > 2) {
    throw new CertificateError('unsupported-version', `certificate is of version ${version + 1}, at most 3 is known`);
  }
  return version;
}

function skipUniqueIdentifiers(tbs: DerReader): void {
  for (const tag of [0x81, 0x82]) {
    if (tbs.peek() === tag) {
      tbs.next(tag, 'unique identifier');
    }
  }
}

function readWrappedExtensions(tbs: DerReader, version: number): Extensions {
  if (version !== 2) {
    throw new CertificateError('unsupported-version', 'extensions in a certificate that is not of version 3');
  }
  const wrapper = tbs.enter(contextConstructed(3), 'extensions');
  const extensions = readExtensions(wrapper.enter(tags.sequence, 'extensions'));
  wrapper.finish('extensions');
  return extensions;
}

/** AlgorithmIdentifier of a signature; parameters are stepped over, since no algorithm of ISO 15118 has any. */
export function readSignatureAlgorithm(
  reader: DerReader,
  what: string,
): { readonly oid: string; readonly name: string } {
  const algorithm = reader.enter(tags.sequence, what);
  const oid = algorithm.readOid(what);
  if (!algorithm.done) {
    algorithm.next(undefined, what);
    algorithm.finish(what);
  }
  return { oid, name: algorithmOfSignature(oid)?.signatureName ?? oid };
}

/** The hex by which a serial number is compared: without 00 octets in front. */
export function hexWithoutZeros(octets: Uint8Array): string {
  const hex = Buffer.from(octets)
    .toString('hex')
    .replace(/^(?:00)+/, '');
  return hex === '' ? '00' : hex;
}
