/** Extensions of OCSP messages and revocation lists: the same SEQUENCE as in certificates, with other contents. */

import type { Extension } from '../certificates/extensions.ts';
import type { DerReader } from '../der/reader.ts';
import { tags } from '../der/tags.ts';
import { encodeDer, octetString, raw } from '../der/writer.ts';
import { StatusError } from './status-error.ts';

export const statusExtensionOids = {
  nonce: '1.3.6.1.5.5.7.48.1.2',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  authorityKeyIdentifier: '2.5.29.35',
} as const;

const mostExtensions = 32;
const longestNonce = 128;

/**
 * Steps over a list of extensions and hands each one that `read` knows to it.
 * @param list over the content of the SEQUENCE OF Extension
 * @throws StatusError `unknown-critical-extension`, `too-many`, `malformed` for one that occurs twice
 */
export function readStatusExtensions(
  list: DerReader,
  what: string,
  read: Readonly<Record<string, (value: DerReader) => void>>,
): void {
  const seen = new Set<string>();
  while (!list.done) {
    const start = list.position;
    const extension = list.enter(tags.sequence, what);
    const oid = extension.readOid(what);
    const critical = extension.peek() === tags.boolean && extension.readBoolean('critical');
    const octets = extension.next(tags.octetString, what);
    extension.finish(what);
    if (seen.has(oid) || seen.size >= mostExtensions) {
      const kind = seen.has(oid) ? 'malformed' : 'too-many';
      throw new StatusError(kind, `extension ${oid} of ${what} is one too many`, start);
    }
    seen.add(oid);
    const readValue = Object.hasOwn(read, oid) ? read[oid] : undefined;
    if (readValue !== undefined) {
      const value = extension.wrapped(octets);
      readValue(value);
      value.finish(`the value of extension ${oid}`);
    } else if (critical) {
      throw new StatusError('unknown-critical-extension', `${what} has the critical extension ${oid}`, start);
    }
  }
}

/**
 * RFC 9654 §2.1: 1 to 128 octets.
 * @throws StatusError `malformed`
 */
export function readNonce(value: DerReader): Uint8Array {
  const start = value.position;
  const nonce = value.readOctetString('nonce');
  if (nonce.length < 1 || nonce.length > longestNonce) {
    throw new StatusError('malformed', `nonce has ${nonce.length} octets, 1 to ${longestNonce} are allowed`, start);
  }
  return nonce;
}

/** @throws RangeError when it has not 1 to 128 octets */
export function nonceExtension(nonce: Uint8Array): Extension {
  if (nonce.length < 1 || nonce.length > longestNonce) {
    throw new RangeError(`a nonce has 1 to ${longestNonce} octets`);
  }
  return { oid: statusExtensionOids.nonce, critical: false, value: encodeDer(octetString(raw(nonce))) };
}
