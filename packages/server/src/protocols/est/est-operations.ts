/** The EST operations as the documents of the dialects have them. */

import type { Operation } from '../../http/operation.ts';
import { Type } from '../../http/schema-builders.ts';

const CertificationRequest = Type.String({
  contentMediaType: 'application/pkcs10',
  contentEncoding: 'base64',
  description: 'A PKCS#10 request: base64 of its DER, PEM, or DER.',
});
const CertsOnly = Type.String({
  contentMediaType: 'application/pkcs7-mime',
  contentEncoding: 'base64',
  description: 'A certs-only CMS message (RFC 7030 §4.1.3).',
});
const CsrAttrs = Type.String({ contentMediaType: 'application/csrattrs', contentEncoding: 'base64' });

const Edition = Type.Union([Type.Literal('ISO15118-2'), Type.Literal('ISO15118-20')], { default: 'ISO15118-2' });
const Algorithm = Type.Union([Type.Literal('secp256r1'), Type.Literal('secp521r1'), Type.Literal('ed448')]);
const Ca = Type.String({
  pattern: '^(\\w+-)?(mo|emsp|cpo|oem|cps|veh)$',
  description: 'The CA by the role that it issues for.',
  examples: ['oem'],
});

/** RFC 7030 §4.1.3. */
const answerHeaders = { 'Content-Transfer-Encoding': Type.Literal('base64') };

const rest = { flatBody: false, deprecated: false, answerHeaders } as const;
const enrolRefusals = ['certificate-request-refused', 'field-invalid', 'authority-not-found'] as const;
const readRefusals = ['field-invalid', 'authority-not-found'] as const;

const OpncQuery = Type.Object({
  caDomain: Ca,
  iso15118Version: Type.Optional(Edition),
  algorithm: Type.Optional(Algorithm),
});

/** With their whole paths. */
export const opncEstOperations: readonly Operation[] = [
  {
    method: 'POST',
    path: '/opnc/v1/pki/est/simpleenroll',
    operation: 'simpleEnrollCertV1',
    summary: 'Enrols: issues a certificate for a certification request',
    shapes: { query: OpncQuery, body: CertificationRequest },
    answers: { 200: CertsOnly },
    refusals: enrolRefusals,
    ...rest,
  },
  {
    method: 'POST',
    path: '/opnc/v1/pki/est/simplereenroll',
    operation: 'simpleReenrollCertV1',
    summary: 'Enrols again: renews the certificate of a name that has one',
    shapes: { query: OpncQuery, body: CertificationRequest },
    answers: { 200: CertsOnly },
    refusals: enrolRefusals,
    ...rest,
  },
  {
    method: 'GET',
    path: '/opnc/v1/pki/est/cacerts',
    operation: 'getCaCertsV1',
    summary: 'Gets the certificates of a CA, up to the root',
    shapes: { query: OpncQuery },
    answers: { 200: CertsOnly },
    refusals: readRefusals,
    ...rest,
  },
  {
    method: 'GET',
    path: '/opnc/v1/pki/est/csrattrs',
    operation: 'getCsrAttrsV1',
    summary: 'Says what a certification request shall have',
    shapes: { query: OpncQuery },
    answers: { 200: CsrAttrs },
    refusals: readRefusals,
    ...rest,
  },
];

const CaPath = Type.Object({ ca: Ca });
const EditionPath = Type.Object({ ca: Ca, 'iso-version': Edition });
const AlgorithmPath = Type.Object({ ca: Ca, 'iso-version': Edition, algorithm: Algorithm });
const NamespaceQuery = Type.Object({
  xsdMsgDefNamespace: Type.Optional(Type.String({ description: 'Counts when the path names no edition.' })),
});

/** The reference wants of callers what RFC 7030 wants of answers; theirs is accepted and not read. */
const TransferEncoding = Type.Object({
  'content-transfer-encoding': Type.Optional(Type.String({ title: 'Content-Transfer-Encoding' })),
});

const enrolment = {
  method: 'POST',
  answers: { 200: CertsOnly },
  refusals: enrolRefusals,
  ...rest,
} as const;
const reading = { method: 'GET', refusals: readRefusals, ...rest } as const;

/** Under `.well-known`, as RFC 7030 has them; each is served without `est/` in the path as well. */
export const opcpEstOperations: readonly Operation[] = [
  ...(['simpleenroll', 'simplereenroll'] as const).flatMap((name): Operation[] => {
    const summary =
      name === 'simpleenroll'
        ? 'Enrols: issues a certificate for a certification request'
        : 'Enrols again: renews the certificate of a name that has one';
    return [
      {
        ...enrolment,
        path: `/.well-known/est/:ca/${name}`,
        operation: `${name}-without-edition`,
        summary,
        shapes: { params: CaPath, query: NamespaceQuery, body: CertificationRequest },
      },
      {
        ...enrolment,
        path: `/.well-known/est/:ca/${name}/:iso-version`,
        operation: name,
        summary,
        shapes: { params: EditionPath, query: NamespaceQuery, body: CertificationRequest },
      },
    ];
  }),
  ...(['cacerts', 'csrattrs'] as const).flatMap((name): Operation[] => {
    const summary =
      name === 'cacerts'
        ? 'Gets the certificates of a CA, up to the root'
        : 'Says what a certification request shall have';
    const answers = { 200: name === 'cacerts' ? CertsOnly : CsrAttrs };
    const at = (path: string, operation: string, params: Operation['shapes']['params']): Operation => ({
      ...reading,
      path,
      operation,
      summary,
      answers,
      shapes: {
        ...(params && { params }),
        query: NamespaceQuery,
        ...(name === 'cacerts' && { headers: TransferEncoding }),
      },
    });
    return [
      at(`/.well-known/est/:ca/${name}`, `${name}-without-edition`, CaPath),
      at(`/.well-known/est/:ca/${name}/:iso-version`, `${name}-of-edition`, EditionPath),
      at(`/.well-known/est/:ca/${name}/:iso-version/:algorithm`, `${name}-well-known`, AlgorithmPath),
      // As the reference writes it.
      at(`/:ca/${name}/:iso-version/:algorithm`, name, AlgorithmPath),
    ];
  }),
];
