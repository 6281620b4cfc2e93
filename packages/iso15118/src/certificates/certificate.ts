import { hash, type KeyObject } from 'node:crypto';
import type { CurveName } from '../algorithms.ts';
import type { Fingerprint } from '../identifiers/fingerprint.ts';
import type { Name } from './name.ts';
import { keyFromSpki } from './public-key.ts';

/** Bits of the keyUsage extension in the order of RFC 5280 §4.2.1.3. */
export const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof keyUsages)[number];

export interface PublicKey {
  readonly curve: CurveName;
  /** Uncompressed point (65 or 133 octets), or the 57 octets of an Ed448 key. */
  readonly point: Uint8Array;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
}

/** An X.509 certificate as Plug & Charge needs it: all of it read and checked for form, nothing yet trusted. */
export interface Certificate {
  readonly der: Uint8Array;
  /** SHA-256 of `der`. */
  readonly fingerprint: Fingerprint;
  /** Content octets of the serial number, with the 00 sign octet if it has one. */
  readonly serialNumber: Uint8Array;
  /** Lower-case hex of the serial number, without 00 octets in front. */
  readonly serialHex: string;
  readonly subject: Name;
  readonly issuer: Name;
  /** Epoch milliseconds; both ends belong to the validity. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: PublicKey;
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  /** OIDs of extKeyUsage. */
  readonly extendedKeyUsage: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly caIssuerUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly certificatePolicies: readonly string[];
  /** Only there on certificates of OCSP responders that need no check themselves. */
  readonly ocspNoCheck?: true;
  readonly signatureAlgorithm: { readonly oid: string; readonly name: string };
  /** The octets that are signed. */
  readonly tbs: Uint8Array;
  /** ECDSA-Sig-Value in DER, or the 114 octets of Ed448. */
  readonly signature: Uint8Array;
  /** OIDs of critical extensions that this package does not know; such a certificate is not trusted. */
  readonly unknownCriticalExtensions: readonly string[];
}

export function isCa(certificate: Certificate): boolean {
  return certificate.basicConstraints?.ca === true;
}

/** SHA-1 of the DER as 40 lower-case hexadecimal digits: OCSP and older systems name certificates so. */
export function sha1FingerprintOf(certificate: Certificate): string {
  return hash('sha1', certificate.der, 'hex');
}

/** The serial number as the integer that `X509SerialNumber` has in EXI. */
export function serialNumberOf(certificate: Certificate): bigint {
  const hex = Buffer.from(certificate.serialNumber).toString('hex');
  return BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`));
}

/** The certificate's key for node:crypto; made once per certificate object. */
export function publicKeyObject(certificate: Pick<Certificate, 'publicKey'>): KeyObject {
  let key = keys.get(certificate);
  if (key === undefined) {
    key = keyFromSpki(certificate.publicKey.spki);
    keys.set(certificate, key);
  }
  return key;
}

const keys = new WeakMap<Pick<Certificate, 'publicKey'>, KeyObject>();
