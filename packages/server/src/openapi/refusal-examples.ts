/** What callers are told when an operation refuses them: the error body, and examples of its texts. */

import type { Operation } from '../http/operation.ts';
import { Type } from '../http/schema-builders.ts';
import { type DomainErrorKind, exampleOf } from '../kernel/domain-error.ts';
import { FINGERPRINT_PATTERN } from '../kernel/patterns.ts';
import type { SchemaObject } from './schema-writer.ts';

export const Refused = Type.Object(
  {
    errorMessages: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
    traceId: Type.String({ format: 'uuid', description: 'Also in the header x-trace-id and in the log.' }),
  },
  { title: 'Error' },
);

type Examples = Readonly<Record<string, { readonly value: SchemaObject }>>;

/** By status: the refusals that the operation states, and those that follow from its shapes. */
export function refusalExamples(operation: Operation): Map<number, Examples> {
  const found: [number, string, string][] = [
    ...shapeTexts(operation).map(([name, text]): [number, string, string] => [400, name, text]),
    ...[...operation.refusals, ...refusalsOfEveryOperation].map((kind): [number, string, string] => {
      const { status, text } = exampleOf(kind, details[kind] ?? []);
      return [status, kind, text];
    }),
    [500, 'our-fault', 'Internal Server Error'],
  ];
  const statuses = Map.groupBy(found, ([status]) => status);
  return new Map([...statuses].map(([status, rows]) => [status, examplesOf(rows)]));
}

/** The rights of parties count when authentication is on. */
const refusalsOfEveryOperation: readonly DomainErrorKind[] = ['not-authenticated', 'not-allowed'];

const TRACE_ID = '8c4f0f0e-5a51-4d0c-9c1c-0c3d7a2f6e11';

function examplesOf(rows: readonly [number, string, string][]): Examples {
  return Object.fromEntries(
    rows.map(([, name, text]) => [name, { value: { errorMessages: [text], traceId: TRACE_ID } }]),
  );
}

/** The texts that clients match on: those of the patterns, and of a field that is missing. */
function shapeTexts({ shapes: { params, query, body } }: Operation): [string, string][] {
  const patterns = [params, query, body].flatMap((shape) => patternTexts(shape, ''));
  const missing = requiredOf(body)[0];
  const texts: [string, string][] = missing === undefined ? [] : [['missing', `${missing} : must not be null`]];
  return [...patterns, ...texts];
}

function patternTexts(shape: object | undefined, prefix: string): [string, string][] {
  const { properties }: { properties?: unknown } = { ...shape };
  return Object.entries(Object(properties)).flatMap(([name, property]): [string, string][] => {
    const field = `${prefix}${name}`;
    const { pattern }: { pattern?: unknown } = Object(property);
    if (typeof pattern === 'string') return [[`form-of-${field}`, `${field} : must match "${pattern}"`]];
    return patternTexts(Object(property), `${field}.`);
  });
}

function requiredOf(shape: object | undefined): string[] {
  const { required }: { required?: unknown } = { ...shape };
  return Array.isArray(required) ? required.map(String) : [];
}

/** Something to say for the kinds whose texts have details. */
const details: Partial<Record<DomainErrorKind, readonly string[]>> = {
  'field-missing': ['rootType'],
  'field-invalid': ['revocationReason', 'must be one of ["unspecified", …]'],
  'field-pattern': ['cpsV2GRootCertificateFingerprint', FINGERPRINT_PATTERN],
  'edition-unknown': ['urn:iso:15118:3'],
  'edition-unavailable': ['ISO15118-20'],
  'certificate-format': ['vehicleCertificate'],
  'certificate-refused': ['vehicleCertificate', 'expired at 2025-01-01T00:00:00.000Z'],
  'chain-refused': ['subCa1Certificate', 'no root of the pool has signed it'],
  'certificate-revoked': ['vehicleCertificate', 'was revoked at 2025-01-01T00:00:00.000Z'],
  'revocation-unknown': ['vehicleCertificate', 'the OCSP responder does not answer'],
  'contract-time-form': ['contractEnds'],
  'cps-root-unknown': ['00'.repeat(32)],
  'mo-root-unknown': ['00'.repeat(32)],
  'signature-invalid': ['certificateInstallationReq', 'the signature does not verify'],
  'authority-not-found': ['oem'],
  'authority-refused': ['oem', 'is not a CA certificate'],
  'approval-decided': ['rejected'],
  'certificate-request-refused': ['the signature of the request does not verify'],
};
