import type { Certificate } from '../certificates/certificate.ts';
import { hexWithoutZeros } from '../certificates/read.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { encodeDer, nullValue, octetString, oid, raw, sequence, tagged } from '../der/writer.ts';
import { digestOf } from '../digest.ts';
import { StatusError } from './status-error.ts';

/** Digests by which OCSP names an issuer. */
const hashes = {
  sha1: { oid: '1.3.14.3.2.26', size: 20 },
  sha256: { oid: '2.16.840.1.101.3.4.2.1', size: 32 },
  sha384: { oid: '2.16.840.1.101.3.4.2.2', size: 48 },
  sha512: { oid: '2.16.840.1.101.3.4.2.3', size: 64 },
} as const;
export type CertIdHash = keyof typeof hashes;

const hashByOid: ReadonlyMap<string, CertIdHash> = new Map(
  Object.entries(hashes).map(([name, entry]) => [entry.oid, name as CertIdHash]),
);
const longestSerial = 32;

/** Digests of the issuer's name and key. */
export interface IssuerId {
  readonly hash: CertIdHash;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
}

/** CertID of RFC 6960 §4.1.1. */
export interface CertId extends IssuerId {
  /** Content octets of the INTEGER, as they stand in the certificate. */
  readonly serialNumber: Uint8Array;
  /** Lower-case hex without 00 octets in front, as `Certificate.serialHex`. */
  readonly serialHex: string;
  /** The CertID as DER; an answer repeats it octet by octet. */
  readonly der: Uint8Array;
}

/**
 * Names a certificate towards a responder.
 * @param certificate only its serial number is looked at
 */
export function certIdOf(
  certificate: Pick<Certificate, 'serialNumber'>,
  issuer: Pick<Certificate, 'subject' | 'publicKey'>,
  hashName: CertIdHash,
): CertId {
  const id = issuerIdOf(issuer, hashName);
  const serialNumber = Uint8Array.from(certificate.serialNumber);
  const der = encodeDer(
    sequence(
      sequence(oid(hashes[hashName].oid), nullValue()),
      octetString(raw(id.issuerNameHash)),
      octetString(raw(id.issuerKeyHash)),
      tagged(tags.integer, raw(serialNumber)),
    ),
  );
  return { ...id, serialNumber, serialHex: hexWithoutZeros(serialNumber), der };
}

/** The part of a CertID that all certificates of an issuer share. */
export function issuerIdOf(issuer: Pick<Certificate, 'subject' | 'publicKey'>, hashName: CertIdHash): IssuerId {
  return {
    hash: hashName,
    issuerNameHash: digestOf(hashName, issuer.subject.der),
    issuerKeyHash: digestOf(hashName, issuer.publicKey.point),
  };
}

/** The same certificate, by the same digest; CertIDs of different digests cannot be compared. */
export function sameCertId(a: CertId, b: CertId): boolean {
  return a.serialHex === b.serialHex && sameIssuer(a, b);
}

export function sameIssuer(a: IssuerId, b: IssuerId): boolean {
  return (
    a.hash === b.hash &&
    Buffer.compare(a.issuerNameHash, b.issuerNameHash) === 0 &&
    Buffer.compare(a.issuerKeyHash, b.issuerKeyHash) === 0
  );
}

/** @throws StatusError `unsupported-algorithm`, `malformed`; DerError */
export function readCertId(reader: DerReader): CertId {
  const element = reader.next(tags.sequence, 'CertID');
  const fields = reader.within(element);
  const algorithm = fields.enter(tags.sequence, 'hashAlgorithm');
  const start = algorithm.position;
  const hashOid = algorithm.readOid('hashAlgorithm');
  if (!algorithm.done) {
    algorithm.next(tags.null, 'parameters of hashAlgorithm');
    algorithm.finish('hashAlgorithm');
  }
  const hashName = hashByOid.get(hashOid);
  if (hashName === undefined) {
    throw new StatusError('unsupported-algorithm', `CertID has the digest ${hashOid}, which is not known`, start);
  }
  const issuerNameHash = fields.readOctetString('issuerNameHash');
  const issuerKeyHash = fields.readOctetString('issuerKeyHash');
  const serialNumber = fields.readInteger('serialNumber');
  fields.finish('CertID');
  const { size } = hashes[hashName];
  if (issuerNameHash.length !== size || issuerKeyHash.length !== size || serialNumber.length > longestSerial) {
    throw new StatusError('malformed', 'CertID has a digest or a serial number of the wrong size', element.start);
  }
  const der = reader.whole(element);
  return { hash: hashName, issuerNameHash, issuerKeyHash, serialNumber, serialHex: hexWithoutZeros(serialNumber), der };
}
