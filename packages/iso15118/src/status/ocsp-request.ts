import { extensionList } from '../certificates/extensions.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, tags } from '../der/tags.ts';
import { encodeDer, raw, sequence, tagged } from '../der/writer.ts';
import { type CertId, readCertId } from './cert-id.ts';
import { readingStatus, StatusError } from './status-error.ts';
import { nonceExtension, readNonce, readStatusExtensions, statusExtensionOids } from './status-extensions.ts';

const mostRequests = 100;
const context0 = contextConstructed(0);
const context1 = contextConstructed(1);
const context2 = contextConstructed(2);

/** OCSPRequest of RFC 6960 §4.1.1. */
export interface OcspRequest {
  /** At least one, in the order of the request. */
  readonly certIds: readonly CertId[];
  readonly nonce?: Uint8Array;
  /** Somebody signed it; nobody checks that (a public responder answers everybody). */
  readonly signed: boolean;
}

/**
 * An unsigned request.
 * @returns DER
 * @throws RangeError without certificates, with more than 100, or with a nonce that has not 1 to 128 octets
 */
export function writeOcspRequest(request: {
  readonly certIds: readonly CertId[];
  readonly nonce?: Uint8Array | undefined;
}): Uint8Array {
  const { certIds, nonce } = request;
  if (certIds.length < 1 || certIds.length > mostRequests) {
    throw new RangeError(`an OCSP request asks for 1 to ${mostRequests} certificates`);
  }
  const list = sequence(...certIds.map(({ der }) => sequence(raw(der))));
  const extensions = nonce === undefined ? [] : [tagged(context2, extensionList([nonceExtension(nonce)]))];
  return encodeDer(sequence(sequence(list, ...extensions)));
}

/**
 * Reads a request, signed or not. What it returns are views of the input.
 * @throws StatusError `malformed`, `too-many` (over 100 certificates), `unsupported-version`, `unsupported-algorithm`,
 * `unknown-critical-extension`
 */
export function readOcspRequest(der: Uint8Array): OcspRequest {
  return readingStatus(() => {
    const outer = new DerReader(der);
    const request = outer.enter(tags.sequence, 'OCSPRequest');
    outer.finish('the OCSPRequest');
    const tbs = request.enter(tags.sequence, 'TBSRequest');
    const signed = request.peek() === context0;
    if (signed) {
      request.next(context0, 'optionalSignature');
    }
    request.finish('the OCSPRequest');
    return { ...readTbsRequest(tbs), signed };
  });
}

function readTbsRequest(tbs: DerReader): Omit<OcspRequest, 'signed'> {
  readVersion(tbs);
  if (tbs.peek() === context1) {
    tbs.next(context1, 'requestorName');
  }
  const certIds = readRequestList(tbs.enter(tags.sequence, 'requestList'));
  let nonce: Uint8Array | undefined;
  if (tbs.peek() === context2) {
    const wrapper = tbs.enter(context2, 'requestExtensions');
    readStatusExtensions(wrapper.enter(tags.sequence, 'requestExtensions'), 'the OCSP request', {
      [statusExtensionOids.nonce]: (value) => {
        nonce = readNonce(value);
      },
    });
    wrapper.finish('requestExtensions');
  }
  tbs.finish('the TBSRequest');
  return nonce === undefined ? { certIds } : { certIds, nonce };
}

function readRequestList(list: DerReader): CertId[] {
  const certIds: CertId[] = [];
  while (!list.done) {
    if (certIds.length >= mostRequests) {
      throw new StatusError('too-many', `more than ${mostRequests} certificates are asked for`, list.position);
    }
    const single = list.enter(tags.sequence, 'Request');
    certIds.push(readCertId(single));
    if (single.peek() === context0) {
      const wrapper = single.enter(context0, 'singleRequestExtensions');
      readStatusExtensions(wrapper.enter(tags.sequence, 'singleRequestExtensions'), 'a single OCSP request', {});
      wrapper.finish('singleRequestExtensions');
    }
    single.finish('the Request');
  }
  if (certIds.length === 0) {
    throw new StatusError('malformed', 'no certificate is asked for', list.position);
  }
  return certIds;
}

/** `[0] EXPLICIT INTEGER DEFAULT v1`: openssl and others leave it out, some write it all the same. */
export function readVersion(reader: DerReader): void {
  if (reader.peek() !== context0) {
    return;
  }
  const start = reader.position;
  const wrapper = reader.enter(context0, 'version');
  const version = wrapper.readSmallInteger('version');
  wrapper.finish('version');
  if (version !== 0) {
    throw new StatusError('unsupported-version', `OCSP version ${version + 1} is not known`, start);
  }
}
