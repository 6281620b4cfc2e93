import type { Certificate } from '../certificates/certificate.ts';
import { CertificateError } from '../certificates/certificate-error.ts';
import { extendedKeyUsages } from '../certificates/extensions.ts';
import { namesEqual } from '../certificates/name.ts';
import { type CertificateWith, readCertificateWith } from '../certificates/read.ts';
import { digestOf } from '../digest.ts';
import { type CertId, sameCertId } from './cert-id.ts';
import type { OcspAnswer, OcspResponse } from './ocsp-response.ts';
import type { OcspSingleResponse } from './ocsp-response-write.ts';
import { StatusError } from './status-error.ts';
import { type AnyPublicKey, checkStatusSignature, readAnyPublicKey } from './status-signature.ts';
import { checkUpdateTimes } from './status-times.ts';

type ResponderCertificate = CertificateWith<AnyPublicKey>;

/**
 * What a responder says of one certificate, if that is to be believed (RFC 6960 §3.2): signed by the issuer itself, or
 * by a responder whose certificate that issuer signed for OCSPSigning; about the certificate asked for; fresh.
 * A responder's own certificate is not asked about in turn, with or without id-pkix-ocsp-nocheck.
 * @param expected.at epoch milliseconds
 * @param expected.nonce what was sent; an answer without a nonce is accepted (prepared ahead, RFC 5019 §4), one with
 * another nonce is not
 * @throws StatusError
 */
export function verifyOcspResponse(
  response: OcspResponse,
  expected: {
    readonly issuer: Certificate;
    readonly at: number;
    readonly certId: CertId;
    readonly nonce?: Uint8Array | undefined;
  },
): OcspSingleResponse {
  const { issuer, at, certId, nonce } = expected;
  if (response.status !== 'successful') {
    throw new StatusError('not-successful', `the responder answered ${response.status}`);
  }
  if (nonce !== undefined && response.nonce !== undefined && Buffer.compare(nonce, response.nonce) !== 0) {
    throw new StatusError('nonce-mismatch', 'the answer has another nonce than the request');
  }
  const single = response.responses.find((each) => sameCertId(each.certId, certId));
  if (single === undefined) {
    throw new StatusError('certificate-not-answered', 'the answer is not about the certificate that was asked for');
  }
  checkSignature(response, responderKey(response, issuer, at));
  checkUpdateTimes(single, at, 'the OCSP answer');
  return single;
}

function checkSignature({ tbs, signatureOid, signature }: OcspAnswer, spki: Uint8Array): void {
  const outcome = checkStatusSignature(spki, signatureOid, tbs, signature);
  if (outcome === 'valid') {
    return;
  }
  throw outcome === 'invalid'
    ? new StatusError('bad-signature', 'the signature of the OCSP answer does not verify')
    : new StatusError('unsupported-algorithm', `the OCSP answer is signed with ${signatureOid} or a key not accepted`);
}

/** The key that has to have signed: the issuer's, or that of the responder it authorised. */
function responderKey(answer: OcspAnswer, issuer: Certificate, at: number): Uint8Array {
  if (isNamed(answer, issuer)) {
    return issuer.publicKey.spki;
  }
  for (const der of answer.certificates) {
    const certificate = readResponder(der);
    if (certificate !== undefined && isNamed(answer, certificate)) {
      checkDelegation(certificate, issuer, at);
      return certificate.publicKey.spki;
    }
  }
  throw new StatusError('unauthorised-responder', 'the certificate of the responder did not come with its answer');
}

function isNamed(
  { responderId }: OcspAnswer,
  certificate: Pick<ResponderCertificate, 'subject' | 'publicKey'>,
): boolean {
  return 'name' in responderId
    ? namesEqual(responderId.name, certificate.subject)
    : Buffer.compare(responderId.keyHash, digestOf('sha1', certificate.publicKey.point)) === 0;
}

/** A certificate that cannot be read is of no use here, and another one may be. */
function readResponder(der: Uint8Array): ResponderCertificate | undefined {
  try {
    return readCertificateWith(der, readAnyPublicKey);
  } catch (error) {
    if (error instanceof CertificateError) {
      return undefined;
    }
    throw error;
  }
}

/** RFC 6960 §4.2.2.2: the CA that issued the certificate in question has to have issued this one, for this purpose. */
function checkDelegation(responder: ResponderCertificate, issuer: Certificate, at: number): void {
  const { keyUsage, extendedKeyUsage, unknownCriticalExtensions } = responder;
  const signed = checkStatusSignature(
    issuer.publicKey.spki,
    responder.signatureAlgorithm.oid,
    responder.tbs,
    responder.signature,
  );
  const problem =
    !namesEqual(responder.issuer, issuer.subject) || signed !== 'valid'
      ? 'was not issued by the CA of the certificate in question'
      : !extendedKeyUsage.includes(extendedKeyUsages.ocspSigning)
        ? 'is not meant for OCSP signing'
        : keyUsage !== undefined && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')
          ? 'may not sign'
          : at < responder.notBefore || at >= responder.notAfter + 1000
            ? 'is not valid at this time'
            : unknownCriticalExtensions.length > 0
              ? `has the critical extension ${unknownCriticalExtensions[0]}, which is not known`
              : undefined;
  if (problem !== undefined) {
    throw new StatusError('unauthorised-responder', `the certificate of the responder ${problem}`);
  }
}
