import { CertificateError, pemBlocks } from '@plugpool/iso15118/pki';
import { refuse } from '../../kernel/domain-error.ts';

const SEQUENCE = 0x30;
const PEM_LABELS = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'];

/**
 * The DER of a certification request as clients send it (RFC 7030 §4.2.1 and what the field makes of it): base64 with
 * or without line breaks, PEM, or the DER itself.
 * @throws DomainError `certificate-request-refused`
 */
export function decodeRequestBody(body: unknown): Uint8Array {
  if (!(body instanceof Uint8Array) || body.length === 0) {
    throw refuse('certificate-request-refused', 'the body is empty');
  }
  // Base64 of a SEQUENCE starts with `M`, PEM with `-`, so the first octet tells DER from both.
  if (body[0] === SEQUENCE) return body;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  const inPem = derInPem(text);
  if (inPem !== undefined) return inPem;
  const base64 = text.replace(/\s+/g, '');
  if (base64.length === 0 || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw refuse('certificate-request-refused', 'the body is neither base64, nor PEM, nor DER of a PKCS#10 request');
  }
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function derInPem(text: string): Uint8Array | undefined {
  try {
    return pemBlocks(text).find(({ label }) => PEM_LABELS.includes(label))?.der;
  } catch (error) {
    if (error instanceof CertificateError) throw refuse('certificate-request-refused', error.message);
    throw error;
  }
}
