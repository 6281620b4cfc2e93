/** Asks the OCSP responder that a certificate names (RFC 6960 Appendix A.1). */
import { randomBytes } from 'node:crypto';
import {
  type Certificate,
  certIdOf,
  type OcspSingleResponse,
  readOcspResponse,
  verifyOcspResponse,
  writeOcspRequest,
} from '@plugpool/iso15118/pki';
import { OutgoingError } from '../outgoing/outgoing-error.ts';
import type { SendOutgoing } from '../outgoing/outgoing-http.ts';

const largestAnswer = 65_536;
const nonceSize = 32;

/**
 * What the responder says of the certificate. SHA-1 names it, as every responder understands; no security hangs on that.
 * @throws OutgoingError, StatusError
 */
export async function askResponder(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  { send, now, deadlineMs }: { readonly send: SendOutgoing; readonly now: () => number; readonly deadlineMs: number },
): Promise<OcspSingleResponse> {
  const certId = certIdOf(certificate, issuer, 'sha1');
  const nonce = Uint8Array.from(randomBytes(nonceSize));
  const response = await send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
    body: writeOcspRequest({ certIds: [certId], nonce }),
    maxBytes: largestAnswer,
    deadlineMs,
    maxRedirects: 2,
  });
  if (response.status !== 200) throw new OutgoingError('unreachable', `it answered with status ${response.status}`);
  return verifyOcspResponse(readOcspResponse(response.body), { issuer, at: now(), certId, nonce });
}
