/** OPNC: revocation of certificates. */
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { type RevocationReason, revocationReasons } from '../../pki/revocation.ts';
import { certificateField, pemInside } from '../request-fields.ts';
import { RevokeCertificateBody } from './schemas.ts';

/** The reference's server has `/pki` in its address already, so clients of the field call either path. */
const paths = ['/pki/pki/revokeCertificate', '/pki/revokeCertificate'];

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

function reasonField(text: string): RevocationReason {
  const reason = revocationReasons.find((each) => each === text);
  if (reason === undefined) {
    throw refuse('field-invalid', 'revocationReason', `must be one of ${JSON.stringify(revocationReasons)}`);
  }
  return reason;
}
