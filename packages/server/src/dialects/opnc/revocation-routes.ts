/** OPNC: revocation of certificates. */
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { type RevocationReason, revocationReasons } from '../../pki/revocation.ts';
import { certificateField } from '../request-fields.ts';
import { RevokeCertificateBody } from './schemas.ts';

/** The reference's server has `/pki` in its address already, so clients of the field call either path. */
const paths = ['/pki/revokeCertificate', '/pki/pki/revokeCertificate'];

export function revocationRoutes({ revocation }: Ecosystem): Route[] {
  return paths.map((path) =>
    route('POST', path, {
      operation: 'revokeCertV1',
      summary: 'Revokes a certificate that was issued here',
      body: RevokeCertificateBody,
      answers: { 200: null },
      refusals: ['certificate-format', 'certificate-not-ours', 'field-invalid'],
      handle: async ({ body }) => {
        const certificate = certificateField(pemInside(body.certificate), 'certificate');
        await revocation.revoke(certificate, reasonField(body.revocationReason));
        return { status: 200 };
      },
    }),
  );
}

/** The reference calls it base64 of PEM and shows base64 of DER: what turns out to be PEM is taken as such. */
function pemInside(text: string): string {
  const beginsAsPem = Buffer.from('-----BEGIN').toString('base64').slice(0, 12);
  return text.startsWith(beginsAsPem) ? Buffer.from(text, 'base64').toString('latin1') : text;
}

function reasonField(text: string): RevocationReason {
  const reason = revocationReasons.find((each) => each === text);
  if (reason === undefined) {
    throw refuse('field-invalid', 'revocationReason', `must be one of ${JSON.stringify(revocationReasons)}`);
  }
  return reason;
}
