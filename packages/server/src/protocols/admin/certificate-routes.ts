/** Certificates that our CAs issued, for operators. */
import { emaidCheckDigit } from '@plugpool/iso15118/pki';
import { fingerprintField } from '../../dialects/request-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { IssuedCertificate } from '../../pki/issued-certificates.ts';
import { revocationReasons } from '../../pki/public-key-infrastructure.ts';
import { emaidIn, fingerprintReading, serialNumberReading } from './listing-fields.ts';
import { CertificateShape, chainAnswer, instant } from './pool-shapes.ts';

const CertificatePath = Type.Object({ fingerprint: Type.String() });
const RevocationBody = Type.Object({ reason: Type.Enum(revocationReasons) });

const CertificatesQuery = Type.Object({
  search: Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'A whole common name (PCID, EMAID, EVSEID, SECCID, …), a SHA-256 fingerprint or a serial number.',
  }),
});
const IssuedShape = Type.Object({
  ...CertificateShape.properties,
  authority: Type.String({ description: 'The CA that issued it, such as `cpo-sub2`.' }),
  issuedAt: Type.String({ format: 'date-time' }),
});

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

  /** Whatever the text can be: there is one of a fingerprint, and seldom more of a name or a number. */
  async function found(text: string): Promise<readonly IssuedCertificate[]> {
    const [byFingerprint] = fingerprintReading(text).flatMap(({ by }) => ('fingerprint' in by ? [by.fingerprint] : []));
    if (byFingerprint !== undefined) {
      const certificate = await issued.find(byFingerprint);
      return certificate === undefined ? [] : [certificate];
    }
    const named = await issued.withNames(namesOf(text));
    const [serial] = serialNumberReading(text).flatMap(({ by }) => ('serialNumber' in by ? [by.serialNumber] : []));
    if (named.length > 0 || serial === undefined) return named;
    return await issued.withSerialNumber(serial.replace(/^(?:00)+(?=.)/, ''));
  }

  return [
    route('GET', '/admin/v1/certificates', {
      operation: 'adminFindCertificates',
      summary: 'Finds certificates that CAs of this ecosystem issued, charging stations among them',
      query: CertificatesQuery,
      answers: { 200: Type.Object({ items: Type.Array(IssuedShape) }) },
      refusals: ['field-missing'],
      handle: async ({ query: { search } }) => {
        const certificates = await found(search);
        const answers = await chainAnswer(
          certificates.map(({ certificate }) => certificate),
          issued,
        );
        const items = answers.map((answer, index) => ({
          ...answer,
          authority: certificates[index]?.authorityName ?? '',
          issuedAt: instant(certificates[index]?.issuedAt ?? 0),
        }));
        return { status: 200, body: { items } };
      },
    }),

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

/** As it was typed, and as certificates write it: PostgreSQL takes no U+0000, and no certificate has it. */
function namesOf(text: string): string[] {
  const typed = text.replaceAll('\u0000', '').trim();
  const emaid = emaidIn(typed);
  const ofContract =
    emaid === undefined ? [] : [emaid, ...(emaid.length === 14 ? [emaid + emaidCheckDigit(emaid)] : [])];
  return [...new Set([typed, typed.toUpperCase(), ...ofContract])];
}
