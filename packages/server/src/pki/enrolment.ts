/** What a certification request may ask of which CA: the rules of EST enrolment (RFC 7030 §4.2, est.v1 of the OPCP). */
import {
  attributeOf,
  CertificateError,
  type CertificateRequest,
  type CurveName,
  type Edition,
  IdentifierError,
  type Name,
  normaliseEmaid,
  type PublicKey,
  parseEvseid,
  parsePcid,
  parseSeccid,
  readCertificateRequest,
} from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import { type CaDomain, curvesOfEdition } from './profiles.ts';
import { ownOrganization, type SubjectValues } from './subject.ts';

/** Octets of DER; a request with a P-256 key has about 250. */
const LARGEST_REQUEST = 8_192;

/** What the certificate is for. */
export interface RequestTarget {
  readonly domain: CaDomain;
  readonly edition: Edition;
  /** Where it is left out, the request's own key decides among those of the edition. */
  readonly curve?: CurveName | undefined;
}

export interface CheckedRequest {
  readonly publicKey: PublicKey;
  readonly subject: SubjectValues;
}

/**
 * Reads a PKCS#10 request, verifies that its sender holds the key, and decides the subject of the certificate. The
 * request gives the common name and, where it has sensible ones, organisation and country; everything else, also the
 * extensions it asks for, is the profile's business.
 * @throws DomainError `certificate-request-refused`
 */
export function checkRequest(der: Uint8Array, { domain, edition, curve }: RequestTarget): CheckedRequest {
  if (der.length > LARGEST_REQUEST) {
    throw refuse('certificate-request-refused', `has ${der.length} octets, at most ${LARGEST_REQUEST} are read`);
  }
  const { publicKey, subject } = readRequest(der);
  const fitting = curve === undefined ? curvesOfEdition[edition] : [curve];
  if (!fitting.includes(publicKey.curve)) {
    const needed = fitting.join(' or ');
    throw refuse('certificate-request-refused', `the key is on ${publicKey.curve}, ${edition} needs ${needed}`);
  }
  return {
    publicKey,
    subject: {
      country: sensible(attributeOf(subject, 'C'), /^[A-Z]{2}$/) ?? ownOrganization.country,
      organization: sensible(attributeOf(subject, 'O'), /^[\x20-\x7e]{1,64}$/) ?? ownOrganization.organization,
      commonName: commonNameFor(domain, onlyCommonName(subject)),
    },
  };
}

function readRequest(der: Uint8Array): CertificateRequest {
  try {
    return readCertificateRequest(der);
  } catch (error) {
    if (error instanceof CertificateError) throw refuse('certificate-request-refused', error.message);
    throw error;
  }
}

function sensible(value: string | undefined, form: RegExp): string | undefined {
  return value !== undefined && form.test(value) && value.trim() !== '' ? value : undefined;
}

/** Of several names the reader of the certificate could take another one than we checked. */
function onlyCommonName(subject: Name): string {
  const names = subject.attributes.filter(({ oid }) => oid === COMMON_NAME);
  const [name] = names;
  if (name === undefined) throw refuse('certificate-request-refused', 'the subject has no common name');
  if (names.length > 1) throw refuse('certificate-request-refused', `the subject has ${names.length} common names`);
  return name.value;
}

const COMMON_NAME = '2.5.4.3';

function commonNameFor(domain: CaDomain, name: string): string {
  try {
    return commonNames[domain](name);
  } catch (error) {
    if (error instanceof IdentifierError) {
      throw refuse('certificate-request-refused', `the common name is not fit for the CA ${domain}: ${error.message}`);
    }
    throw error;
  }
}

/** Checks a common name and gives the form in which it is certified. */
const commonNames: Readonly<Record<CaDomain, (name: string) => string>> = {
  oem: pcidName,
  veh: pcidName,
  mo: normaliseEmaid,
  cpo(name) {
    try {
      parseEvseid(name);
    } catch (error) {
      if (!(error instanceof IdentifierError)) throw error;
      if (!isSeccid(name)) throw error;
    }
    return name;
  },
  cps(name) {
    if (!/^[\x20-\x7e]{1,64}$/.test(name) || name.trim() === '') {
      throw refuse('certificate-request-refused', 'the common name must be 1 to 64 printable ASCII characters');
    }
    return name;
  },
};

function pcidName(name: string): string {
  parsePcid(name);
  return name;
}

function isSeccid(name: string): boolean {
  try {
    parseSeccid(name);
    return true;
  } catch (error) {
    if (error instanceof IdentifierError) return false;
    throw error;
  }
}
