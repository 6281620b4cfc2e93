import type { Certificate } from '../certificates/certificate.ts';
import { extensionList } from '../certificates/extensions.ts';
import { type Signer, signatureAlgorithmOf, signForX509 } from '../certificates/signer.ts';
import { contextConstructed, contextPrimitive } from '../der/tags.ts';
import {
  bitString,
  type DerNode,
  encodeDer,
  enumerated,
  generalizedTime,
  octetString,
  oid,
  raw,
  sequence,
  tagged,
} from '../der/writer.ts';
import { digestOf } from '../digest.ts';
import type { CertId } from './cert-id.ts';
import { type Revoked, revocationReasons } from './revocation-reason.ts';
import { nonceExtension } from './status-extensions.ts';

export const basicResponseOid = '1.3.6.1.5.5.7.48.1.1';

/** OCSPResponseStatus of RFC 6960 §4.2.1; 4 is not used. */
export const ocspResponseStatuses = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;
export type OcspResponseStatus = keyof typeof ocspResponseStatuses;

export interface OcspSingleResponse {
  readonly certId: CertId;
  readonly status: 'good' | 'unknown' | Revoked;
  /** Epoch milliseconds, in whole seconds on the wire. */
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
}

export interface OcspResponseContent {
  /** Whose key signs, and whether the answer names it by key hash or by name. */
  readonly responder: { readonly by: 'key' | 'name'; readonly certificate: Certificate };
  readonly producedAt: number;
  readonly responses: readonly OcspSingleResponse[];
  readonly nonce?: Uint8Array | undefined;
  /** A delegated responder's certificate, for clients that do not have it. */
  readonly certificates?: readonly Certificate[];
}

/**
 * A successful BasicOCSPResponse (RFC 6960 §4.2.1) signed with the responder's key.
 * @returns DER
 * @throws RangeError when the nonce has not 1 to 128 octets; whatever the signer throws
 */
export async function writeOcspResponse(content: OcspResponseContent, signer: Signer): Promise<Uint8Array> {
  const { responder, producedAt, responses, nonce, certificates = [] } = content;
  const tbs = encodeDer(
    sequence(
      responderId(responder),
      generalizedTime(producedAt),
      sequence(...responses.map(singleResponse)),
      ...(nonce === undefined ? [] : [tagged(contextConstructed(1), extensionList([nonceExtension(nonce)]))]),
    ),
  );
  const basic = sequence(
    raw(tbs),
    signatureAlgorithmOf(signer.curve),
    bitString(await signForX509(signer, tbs)),
    ...(certificates.length === 0
      ? []
      : [tagged(contextConstructed(0), sequence(...certificates.map(({ der }) => raw(der))))]),
  );
  const bytes = tagged(contextConstructed(0), sequence(oid(basicResponseOid), octetString(basic)));
  return encodeDer(sequence(enumerated(ocspResponseStatuses.successful), bytes));
}

/** An answer that says only why there is none; it is not signed (RFC 6960 §2.3). */
export function writeOcspErrorResponse(status: Exclude<OcspResponseStatus, 'successful'>): Uint8Array {
  return encodeDer(sequence(enumerated(ocspResponseStatuses[status])));
}

function responderId({ by, certificate }: OcspResponseContent['responder']): DerNode {
  return by === 'name'
    ? tagged(contextConstructed(1), raw(certificate.subject.der))
    : tagged(contextConstructed(2), octetString(raw(digestOf('sha1', certificate.publicKey.point))));
}

function singleResponse({ certId, status, thisUpdate, nextUpdate }: OcspSingleResponse): DerNode {
  return sequence(
    raw(certId.der),
    certStatus(status),
    generalizedTime(thisUpdate),
    ...(nextUpdate === undefined ? [] : [tagged(contextConstructed(0), generalizedTime(nextUpdate))]),
  );
}

function certStatus(status: OcspSingleResponse['status']): DerNode {
  if (status === 'good') {
    return tagged(contextPrimitive(0));
  }
  if (status === 'unknown') {
    return tagged(contextPrimitive(2));
  }
  const { revokedAt, reason } = status;
  // RFC 5280 §5.3.1: a reason that says nothing is left out.
  const why =
    reason === undefined || reason === 'unspecified'
      ? []
      : [tagged(contextConstructed(0), enumerated(revocationReasons[reason]))];
  return tagged(contextConstructed(1), generalizedTime(revokedAt), ...why);
}
