import { CertificateError } from './certificate-error.ts';

const largest = 131_072;

/** RFC 7468 text of one DER structure; `label` such as `CERTIFICATE`. */
export function toPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join('')}-----END ${label}-----\n`;
}

/**
 * The first PEM block (of the label, where one is given). Text around it, line ends of any kind or none, and blanks are
 * let pass.
 * @throws CertificateError `malformed` when there is none or what it holds is not base64
 */
export function fromPem(text: string, label?: string): Uint8Array {
  for (const block of pemBlocks(text)) {
    if (label === undefined || block.label === label) {
      return block.der;
    }
  }
  throw new CertificateError('malformed', `no PEM block${label === undefined ? '' : ` labelled ${label}`} in the text`);
}

/** All PEM blocks of a text in order. */
export function pemBlocks(text: string): { readonly label: string; readonly der: Uint8Array }[] {
  if (text.length > largest) {
    throw new CertificateError('malformed', `PEM text has more than ${largest} characters`);
  }
  const blocks = text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]*)-----END \1-----/g);
  return Array.from(blocks, ([, label = '', body = '']) => ({ label, der: decodeBase64(body.replace(/\s+/g, '')) }));
}

function decodeBase64(body: string): Uint8Array {
  if (body === '' || body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) {
    throw new CertificateError('malformed', 'PEM block does not hold base64');
  }
  return Uint8Array.from(Buffer.from(body, 'base64'));
}
