import type { Certificate } from '../certificates/certificate.ts';
import { type Name, namesEqual, readName } from '../certificates/name.ts';
import { hexWithoutZeros, readSignatureAlgorithm } from '../certificates/read.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, contextPrimitive, tags } from '../der/tags.ts';
import { type Revoked, revocationReasonOf } from './revocation-reason.ts';
import { readingStatus, StatusError } from './status-error.ts';
import { readStatusExtensions, statusExtensionOids } from './status-extensions.ts';
import { checkStatusSignature } from './status-signature.ts';
import { checkUpdateTimes } from './status-times.ts';

/** Octets and entries of the largest list that is read. */
export interface CrlLimits {
  readonly maxSize: number;
  readonly maxEntries: number;
}

export const defaultCrlLimits: CrlLimits = { maxSize: 10 * 1024 * 1024, maxEntries: 100_000 };

/** Which certificates of the issuer the list is about: all, leaf certificates only, or CAs only. */
export type CrlScope = 'all' | 'leaf' | 'ca';

/** CertificateList of RFC 5280 §5.1, read and not yet trusted. */
export interface Crl {
  readonly issuer: Name;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  /** Content octets of cRLNumber. */
  readonly number?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
  readonly scope: CrlScope;
  /** How many certificates it revokes. */
  readonly size: number;
  /** By lower-case hex of the serial number without 00 octets in front, as `Certificate.serialHex`. */
  revocationOf(serialHex: string): Revoked | undefined;
  readonly tbs: Uint8Array;
  readonly signatureOid: string;
  readonly signature: Uint8Array;
}

const context0 = contextConstructed(0);
const longestSerial = 32;
const mostKnownReasons = 64;

/**
 * Reads a revocation list, DER. Its entries are read in one pass into a table by serial number; `tbs`, `signature` and
 * the names are views of the input.
 * @throws StatusError `malformed`, `too-large`, `too-many`, `unsupported-version`, `unsupported-scope` (a delta, an
 * indirect list, or one for some reasons or attribute certificates only), `unknown-critical-extension`
 */
export function readCrl(der: Uint8Array, limits: CrlLimits = defaultCrlLimits): Crl {
  return readingStatus(() => {
    const outer = new DerReader(der, 0, der.length, 0, limits.maxSize);
    const list = outer.enter(tags.sequence, 'CertificateList');
    outer.finish('the CertificateList');
    const tbsElement = list.next(tags.sequence, 'tbsCertList');
    const signatureOid = readSignatureAlgorithm(list, 'signatureAlgorithm').oid;
    const signature = list.readOctetAlignedBits('signatureValue');
    list.finish('the CertificateList');
    const { algorithm, ...content } = readTbs(list.within(tbsElement), limits.maxEntries);
    if (algorithm !== signatureOid) {
      throw new StatusError('malformed', 'the revocation list names two different signature algorithms');
    }
    return { ...content, tbs: list.whole(tbsElement), signatureOid, signature };
  });
}

/**
 * Is the list to be believed for certificates of this issuer at this time (RFC 5280 §6.3.3)? Indirect lists are not
 * known, so the issuer itself has to have signed it, and may.
 * @param at epoch milliseconds
 * @throws StatusError `issuer-mismatch`, `bad-signature`, `unsupported-algorithm`, `stale`, `not-yet-valid`
 */
export function verifyCrl(crl: Crl, issuer: Certificate, at: number): void {
  if (!namesEqual(crl.issuer, issuer.subject)) {
    throw new StatusError('issuer-mismatch', 'the revocation list is that of another CA');
  }
  if (issuer.keyUsage?.has('cRLSign') === false) {
    throw new StatusError('issuer-mismatch', 'the CA may not sign revocation lists');
  }
  const outcome = checkStatusSignature(issuer.publicKey.spki, crl.signatureOid, crl.tbs, crl.signature);
  if (outcome !== 'valid') {
    throw outcome === 'invalid'
      ? new StatusError('bad-signature', 'the signature of the revocation list does not verify')
      : new StatusError('unsupported-algorithm', `the revocation list is signed with ${crl.signatureOid}`);
  }
  checkUpdateTimes(crl, at, 'the revocation list');
}

function readTbs(tbs: DerReader, maxEntries: number) {
  const version = tbs.peek() === tags.integer ? tbs.readSmallInteger('version') : 0;
  if (version > 1) {
    throw new StatusError('unsupported-version', `revocation list of version ${version + 1}, at most 2 is known`);
  }
  const algorithm = readSignatureAlgorithm(tbs, 'signature').oid;
  const issuer = readName(tbs, 'issuer');
  const thisUpdate = tbs.readTime('thisUpdate');
  const dated = tbs.peek() === tags.utcTime || tbs.peek() === tags.generalizedTime;
  const nextUpdate = dated ? tbs.readTime('nextUpdate') : undefined;
  const entries =
    tbs.peek() === tags.sequence
      ? readEntries(tbs.enter(tags.sequence, 'revokedCertificates'), maxEntries)
      : new Map<string, Revoked>();
  const extensions = tbs.peek() === context0 ? readExtensions(tbs) : { scope: 'all' as const };
  tbs.finish('the tbsCertList');
  return {
    algorithm,
    issuer,
    thisUpdate,
    ...(nextUpdate === undefined ? {} : { nextUpdate }),
    ...extensions,
    size: entries.size,
    revocationOf: (serialHex: string) => entries.get(serialHex),
  };
}

function readEntries(list: DerReader, maxEntries: number): Map<string, Revoked> {
  const entries = new Map<string, Revoked>();
  const reasonIn = reasonReader();
  for (let count = 0; !list.done; count++) {
    if (count >= maxEntries) {
      throw new StatusError('too-many', `the revocation list has more than ${maxEntries} entries`, list.position);
    }
    const entry = list.enter(tags.sequence, 'revoked certificate');
    const start = entry.position;
    const serialNumber = entry.readInteger('userCertificate');
    if (serialNumber.length > longestSerial) {
      throw new StatusError('malformed', `serial number has more than ${longestSerial} octets`, start);
    }
    const revokedAt = entry.readTime('revocationDate');
    const reason = entry.done ? undefined : reasonIn(entry);
    entry.finish('the revoked certificate');
    entries.set(hexWithoutZeros(serialNumber), reason === undefined ? { revokedAt } : { revokedAt, reason });
  }
  return entries;
}

/** A hundred thousand entries have a dozen different extensions between them, so what was read once is known. */
function reasonReader(): (entry: DerReader) => Revoked['reason'] {
  const known = new Map<string, Revoked['reason']>();
  return (entry) => {
    const element = entry.next(tags.sequence, 'crlEntryExtensions');
    const { buffer, byteOffset, length } = entry.content(element);
    const octets = Buffer.from(buffer, byteOffset, length).toString('latin1');
    if (known.has(octets)) {
      return known.get(octets);
    }
    const reason = readReason(entry.within(element));
    if (known.size < mostKnownReasons) {
      known.set(octets, reason);
    }
    return reason;
  };
}

function readReason(extensions: DerReader): Revoked['reason'] {
  let reason: Revoked['reason'];
  readStatusExtensions(extensions, 'an entry of the revocation list', {
    [statusExtensionOids.reasonCode]: (value) => {
      reason = revocationReasonOf(value.readEnumerated('reasonCode'));
    },
  });
  return reason;
}

function readExtensions(tbs: DerReader): Pick<Crl, 'number' | 'authorityKeyIdentifier' | 'scope'> {
  const found: { number?: Uint8Array; authorityKeyIdentifier?: Uint8Array; scope: CrlScope } = { scope: 'all' };
  const wrapper = tbs.enter(context0, 'crlExtensions');
  readStatusExtensions(wrapper.enter(tags.sequence, 'crlExtensions'), 'the revocation list', {
    [statusExtensionOids.crlNumber]: (value) => {
      found.number = value.readInteger('cRLNumber');
    },
    [statusExtensionOids.authorityKeyIdentifier]: (value) => {
      const identifier = readKeyIdentifier(value.enter(tags.sequence, 'authorityKeyIdentifier'));
      if (identifier !== undefined) found.authorityKeyIdentifier = identifier;
    },
    [statusExtensionOids.issuingDistributionPoint]: (value) => {
      found.scope = readScope(value.enter(tags.sequence, 'issuingDistributionPoint'));
    },
    [statusExtensionOids.deltaCrlIndicator]: () => {
      throw new StatusError('unsupported-scope', 'the revocation list is a delta to another one');
    },
  });
  wrapper.finish('crlExtensions');
  return found;
}

function readKeyIdentifier(fields: DerReader): Uint8Array | undefined {
  return fields.peek() === contextPrimitive(0)
    ? fields.readOctetString('keyIdentifier', contextPrimitive(0))
    : undefined;
}

/** RFC 5280 §5.2.5. The name of the point is not compared: the list was fetched from where the certificate says. */
function readScope(fields: DerReader): CrlScope {
  let scope: CrlScope = 'all';
  while (!fields.done) {
    const start = fields.position;
    const { tag } = fields.next(undefined, 'issuingDistributionPoint');
    if (tag === contextPrimitive(1)) {
      scope = 'leaf';
    } else if (tag === contextPrimitive(2)) {
      scope = 'ca';
    } else if (tag !== context0) {
      throw new StatusError('unsupported-scope', 'the revocation list is indirect or not about all reasons', start);
    }
  }
  return scope;
}
