/** Whose the objects are that a request names: read from the places that the table of rights gives. */
import {
  attributeOf,
  CertificateError,
  commonNameOf,
  type Fingerprint,
  IdentifierError,
  normaliseEmaid,
  operatorIdOf,
  parseEmaid,
  parseEvseid,
  parsePcid,
  parseSeccid,
  providerIdOf,
  readCertificateRequest,
  wmiOf,
} from '@plugpool/iso15118/pki';
import type { ObjectPlace, Ownership } from '../../access/rights.ts';
import { certificateField, pemInside } from '../../dialects/request-fields.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { CaDomain } from '../../pki/profiles.ts';

/** The CA that issued a certificate of ours; undefined for one that is not. */
export type IssuerOf = (fingerprint: Fingerprint) => Promise<CaDomain | undefined>;

/** What an enrolment asks for. */
export interface EnrolmentObject {
  readonly domain: CaDomain;
  /** PKCS#10 in DER. */
  readonly request: Uint8Array;
}

/** Throws the `DomainError` that the operation itself would have for what cannot be read. */
export async function ownersOf(
  places: readonly ObjectPlace[],
  asked: unknown,
  issuerOf: IssuerOf,
): Promise<Ownership[]> {
  const owners: Ownership[] = [];
  for (const { at, is } of places) {
    const value = valueAt(asked, stepsOf(at));
    if (value === undefined || value === null || value === '') continue;
    owners.push(...(is === 'enrolment' ? [ownerOfEnrolment(value)] : await read[is](String(value), at, issuerOf)));
  }
  return owners;
}

type Read = (text: string, at: string, issuerOf: IssuerOf) => Ownership[] | Promise<Ownership[]>;

const read: Readonly<Record<Exclude<ObjectPlace['is'], 'enrolment'>, Read>> = {
  pcid: (text) => owned('oem', () => wmiOf(parsePcid(text))),
  emaid: (text) => owned('emsp', () => providerIdOf(parseEmaid(text))),
  'vehicle-certificate': (text, at) => owned('oem', () => wmiOf(parsePcid(nameIn(text, at)))),
  'contract-certificate': (text, at) => owned('emsp', () => providerIdOf(parseEmaid(nameIn(text, at)))),
  async 'issued-certificate'(text, at, issuerOf) {
    const certificate = certificateField(pemInside(text), fieldOf(at));
    const domain = await issuerOf(certificate.fingerprint);
    // The operation says so itself, and tells nobody anything that the certificate does not.
    if (domain === undefined) throw refuse('certificate-not-ours');
    const { role, identifierIn } = domains[domain];
    // Names of a CPS do not tell whose it is: the operator revokes them.
    if (identifierIn === undefined) return [];
    return owned(role, () => identifierIn(commonNameOf(certificate.subject) ?? ''));
  },
};

const domains: Readonly<
  Record<CaDomain, { readonly role: Ownership['role']; readonly identifierIn?: (name: string) => string }>
> = {
  oem: { role: 'oem', identifierIn: (name) => wmiOf(parsePcid(name)) },
  veh: { role: 'oem', identifierIn: (name) => wmiOf(parsePcid(name)) },
  mo: { role: 'emsp', identifierIn: (name) => normaliseEmaid(name).slice(0, 5) },
  cpo: { role: 'cpo', identifierIn: operatorIdIn },
  cps: { role: 'cps' },
};

function operatorIdIn(name: string): string {
  try {
    return operatorIdOf(parseEvseid(name));
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    return operatorIdOf(parseSeccid(name));
  }
}

/** What has not the form of a name is nobody's, and the caller's neither. */
function owned(role: Ownership['role'], identifier: () => string): Ownership[] {
  try {
    return [{ role, identifier: identifier() }];
  } catch (error) {
    if (error instanceof IdentifierError) return [];
    throw error;
  }
}

function nameIn(text: string, at: string): string {
  return commonNameOf(certificateField(text, fieldOf(at)).subject) ?? '';
}

/** As the dialects name it in their refusals. */
function fieldOf(at: string): string {
  const field = at.replace(/^body\./, '');
  return field === 'provisioningCertificateChain.certificate' ? 'vehicleCertificate' : field;
}

function ownerOfEnrolment(value: unknown): Ownership {
  if (!isEnrolment(value)) throw new Error('an enrolment names its CA and has a request');
  const { role, identifierIn } = domains[value.domain];
  if (identifierIn === undefined) return { role, identifier: undefined };
  const name = commonNameOfRequest(value.request);
  try {
    return { role, identifier: identifierIn(name) };
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw refuse(
      'certificate-request-refused',
      `the common name is not fit for the CA ${value.domain}: ${error.message}`,
    );
  }
}

function commonNameOfRequest(der: Uint8Array): string {
  try {
    const name = attributeOf(readCertificateRequest(der).subject, 'CN');
    if (name === undefined) throw refuse('certificate-request-refused', 'the subject has no common name');
    return name;
  } catch (error) {
    if (error instanceof CertificateError) throw refuse('certificate-request-refused', error.message);
    throw error;
  }
}

function isEnrolment(value: unknown): value is EnrolmentObject {
  return typeof value === 'object' && value !== null && 'domain' in value && 'request' in value;
}

/** Of the few places that there are. */
const knownSteps = new Map<string, readonly string[]>();

function stepsOf(at: string): readonly string[] {
  let steps = knownSteps.get(at);
  if (steps === undefined) {
    steps = at.split('.');
    knownSteps.set(at, steps);
  }
  return steps;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let inside = value;
  for (const step of path) {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, step)) return undefined;
    inside = Reflect.get(inside, step);
  }
  return inside;
}
