/** Certificates that our CAs issued, for operators. */
import { Type } from 'typebox';
import { fingerprintField } from '../../dialects/request-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { revocationReasons } from '../../pki/public-key-infrastructure.ts';
import { CertificateShape, chainAnswer } from './pool-shapes.ts';

const CertificatePath = Type.Object({ fingerprint: Type.String() });
const RevocationBody = Type.Object({ reason: Type.Enum(revocationReasons) });

export function certificateRoutes({ issued, revocation }: Pick<Ecosystem, 'issued' | 'revocation'>): Route[] {
  async function certificateOf(fingerprint: string) {
    const found = await issued.find(fingerprintField(fingerprint, 'fingerprint'));
    if (found === undefined) throw refuse('certificate-not-ours');
    return found.certificate;
  }

  async function answerOf(fingerprint: string) {
    const [answer] = await chainAnswer([await certificateOf(fingerprint)], issued);
    if (answer === undefined) throw refuse('certificate-not-ours');
    return { status: 200, body: answer } as const;
  }

  return [
    route('GET', '/admin/v1/certificates/:fingerprint', {
      operation: 'adminGetCertificate',
      summary: 'Gets a certificate that a CA of this ecosystem issued, with its status',
      params: CertificatePath,
      answers: { 200: CertificateShape },
      refusals: ['certificate-not-ours', 'field-pattern'],
      handle: async ({ params }) => await answerOf(params.fingerprint),
    }),

    route('POST', '/admin/v1/certificates/:fingerprint/revoke', {
      operation: 'adminRevokeCertificate',
      summary: 'Revokes a certificate that a CA of this ecosystem issued; once revoked, date and reason stay',
      params: CertificatePath,
      body: RevocationBody,
      answers: { 200: CertificateShape },
      refusals: ['certificate-not-ours', 'certificate-refused', 'field-pattern'],
      handle: async ({ params, body }) => {
        await revocation.revoke(await certificateOf(params.fingerprint), body.reason);
        return await answerOf(params.fingerprint);
      },
    }),
  ];
}
