import { type Name, readName } from '../certificates/name.ts';
import { readSignatureAlgorithm } from '../certificates/read.ts';
import { DerReader } from '../der/reader.ts';
import { contextConstructed, contextPrimitive, tags } from '../der/tags.ts';
import { readCertId } from './cert-id.ts';
import { readVersion } from './ocsp-request.ts';
import {
  basicResponseOid,
  type OcspResponseStatus,
  type OcspSingleResponse,
  ocspResponseStatuses,
} from './ocsp-response-write.ts';
import { type Revoked, revocationReasonOf } from './revocation-reason.ts';
import { readingStatus, StatusError } from './status-error.ts';
import { readNonce, readStatusExtensions, statusExtensionOids } from './status-extensions.ts';

const mostResponses = 100;
const mostCertificates = 8;
const context0 = contextConstructed(0);
const context1 = contextConstructed(1);
const context2 = contextConstructed(2);

/** BasicOCSPResponse of RFC 6960 §4.2.1, read and not yet trusted. */
export interface OcspAnswer {
  readonly status: 'successful';
  /** Name of the responder, or SHA-1 of its key. */
  readonly responderId: { readonly name: Name } | { readonly keyHash: Uint8Array };
  readonly producedAt: number;
  readonly responses: readonly OcspSingleResponse[];
  readonly nonce?: Uint8Array;
  /** DER, not yet read: nobody vouches for them. */
  readonly certificates: readonly Uint8Array[];
  /** What is signed, with what, and how. */
  readonly tbs: Uint8Array;
  readonly signatureOid: string;
  readonly signature: Uint8Array;
}

export type OcspResponse = OcspAnswer | { readonly status: Exclude<OcspResponseStatus, 'successful'> };

const statusByNumber: ReadonlyMap<number, OcspResponseStatus> = new Map(
  Object.entries(ocspResponseStatuses).map(([name, number]) => [number, name as OcspResponseStatus]),
);

/**
 * Reads an answer of a responder. What it returns are views of the input.
 * @throws StatusError `malformed`, `too-large`, `too-many`, `unsupported-version`, `unsupported-algorithm`,
 * `unknown-critical-extension`
 */
export function readOcspResponse(der: Uint8Array): OcspResponse {
  return readingStatus(() => {
    const outer = new DerReader(der);
    const response = outer.enter(tags.sequence, 'OCSPResponse');
    outer.finish('the OCSPResponse');
    const status = statusByNumber.get(response.readEnumerated('responseStatus'));
    if (status === undefined) {
      throw new StatusError('malformed', 'responseStatus is none that RFC 6960 knows', 2);
    }
    if (status !== 'successful') {
      if (!response.done) response.next(context0, 'responseBytes');
      response.finish('the OCSPResponse');
      return { status };
    }
    const wrapper = response.enter(context0, 'responseBytes');
    response.finish('the OCSPResponse');
    const bytes = wrapper.enter(tags.sequence, 'responseBytes');
    wrapper.finish('responseBytes');
    const start = bytes.position;
    if (bytes.readOid('responseType') !== basicResponseOid) {
      throw new StatusError('unsupported-algorithm', 'the answer is not a BasicOCSPResponse', start);
    }
    const octets = bytes.next(tags.octetString, 'response');
    bytes.finish('responseBytes');
    return readBasicResponse(bytes.wrapped(octets));
  });
}

function readBasicResponse(outer: DerReader): OcspAnswer {
  const basic = outer.enter(tags.sequence, 'BasicOCSPResponse');
  outer.finish('the BasicOCSPResponse');
  const tbsElement = basic.next(tags.sequence, 'tbsResponseData');
  const signatureOid = readSignatureAlgorithm(basic, 'signatureAlgorithm').oid;
  const signature = basic.readOctetAlignedBits('signature');
  const certificates = basic.peek() === context0 ? readCertificates(basic) : [];
  basic.finish('the BasicOCSPResponse');
  const data = readResponseData(basic.within(tbsElement));
  return { status: 'successful', ...data, certificates, tbs: basic.whole(tbsElement), signatureOid, signature };
}

function readCertificates(basic: DerReader): Uint8Array[] {
  const wrapper = basic.enter(context0, 'certs');
  const list = wrapper.enter(tags.sequence, 'certs');
  wrapper.finish('certs');
  const certificates: Uint8Array[] = [];
  while (!list.done) {
    if (certificates.length >= mostCertificates) {
      throw new StatusError('too-many', `more than ${mostCertificates} certificates came along`, list.position);
    }
    certificates.push(list.whole(list.next(tags.sequence, 'certificate')));
  }
  return certificates;
}

function readResponseData(data: DerReader) {
  readVersion(data);
  const responderId = readResponderId(data);
  const producedAt = data.readGeneralizedTime('producedAt');
  const list = data.enter(tags.sequence, 'responses');
  const responses: OcspSingleResponse[] = [];
  while (!list.done) {
    if (responses.length >= mostResponses) {
      throw new StatusError('too-many', `more than ${mostResponses} certificates are answered for`, list.position);
    }
    responses.push(readSingleResponse(list.enter(tags.sequence, 'SingleResponse')));
  }
  let nonce: Uint8Array | undefined;
  if (data.peek() === context1) {
    const wrapper = data.enter(context1, 'responseExtensions');
    readStatusExtensions(wrapper.enter(tags.sequence, 'responseExtensions'), 'the OCSP answer', {
      [statusExtensionOids.nonce]: (value) => {
        nonce = readNonce(value);
      },
    });
    wrapper.finish('responseExtensions');
  }
  data.finish('the ResponseData');
  return { responderId, producedAt, responses, ...(nonce === undefined ? {} : { nonce }) };
}

function readResponderId(data: DerReader): OcspAnswer['responderId'] {
  if (data.peek() === context1) {
    const byName = data.enter(context1, 'responderID');
    const name = readName(byName, 'responderID');
    byName.finish('responderID');
    return { name };
  }
  const byKey = data.enter(context2, 'responderID');
  const keyHash = byKey.readOctetString('responderID');
  byKey.finish('responderID');
  return { keyHash };
}

function readSingleResponse(single: DerReader): OcspSingleResponse {
  const certId = readCertId(single);
  const status = readCertStatus(single);
  const thisUpdate = single.readGeneralizedTime('thisUpdate');
  let nextUpdate: number | undefined;
  if (single.peek() === context0) {
    const wrapper = single.enter(context0, 'nextUpdate');
    nextUpdate = wrapper.readGeneralizedTime('nextUpdate');
    wrapper.finish('nextUpdate');
  }
  if (single.peek() === context1) {
    const wrapper = single.enter(context1, 'singleExtensions');
    readStatusExtensions(wrapper.enter(tags.sequence, 'singleExtensions'), 'a single OCSP answer', {});
    wrapper.finish('singleExtensions');
  }
  single.finish('the SingleResponse');
  return { certId, status, thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
}

function readCertStatus(single: DerReader): OcspSingleResponse['status'] {
  const start = single.position;
  const element = single.next(undefined, 'certStatus');
  const empty = element.contentStart === element.end;
  if (empty && element.tag === contextPrimitive(0)) {
    return 'good';
  }
  if (empty && element.tag === contextPrimitive(2)) {
    return 'unknown';
  }
  if (element.tag !== context1) {
    throw new StatusError('malformed', 'certStatus is neither good nor revoked nor unknown', start);
  }
  return readRevoked(single.within(element));
}

function readRevoked(info: DerReader): Revoked {
  const revokedAt = info.readGeneralizedTime('revocationTime');
  if (info.done) {
    return { revokedAt };
  }
  const wrapper = info.enter(context0, 'revocationReason');
  info.finish('the RevokedInfo');
  const reason = revocationReasonOf(wrapper.readEnumerated('revocationReason'));
  wrapper.finish('revocationReason');
  return reason === undefined ? { revokedAt } : { revokedAt, reason };
}
