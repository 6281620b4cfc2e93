/** From the texts of a request to the values of the domain; each failure names the field as the dialect spells it. */
import {
  type Certificate,
  CertificateError,
  type Edition,
  type Emaid,
  editionOfNamespace,
  type Fingerprint,
  fromPem,
  IdentifierError,
  isCa,
  normaliseEmaid,
  type Pcid,
  parseEmaid,
  parseFingerprint,
  parsePcid,
  readCertificate,
} from '@plugpool/iso15118/pki';
import { BoundedCache } from '../kernel/bounded-cache.ts';
import { refuse, refuseAt } from '../kernel/domain-error.ts';
import { BASE64_PATTERN, EMAID_PATTERNS, FINGERPRINT_PATTERN } from '../kernel/patterns.ts';

/** Throws `field-pattern` with the pattern of the caller's dialect. */
export function emaidField(text: string, dialect: keyof typeof EMAID_PATTERNS, field = 'emaid'): Emaid {
  return identifier(() => parseEmaid(text), field, EMAID_PATTERNS[dialect]);
}

/** The EMAID as it stands in a certificate: upper case, no separators, the check digit kept. */
export function emaidText(text: string, dialect: keyof typeof EMAID_PATTERNS): string {
  return identifier(() => normaliseEmaid(text), 'emaid', EMAID_PATTERNS[dialect]);
}

/** Throws `pcid-form`. */
export function pcidField(text: string): Pcid {
  try {
    return parsePcid(text);
  } catch (error) {
    if (error instanceof IdentifierError) throw refuse('pcid-form');
    throw error;
  }
}

export function fingerprintField(text: string, field: string): Fingerprint {
  return identifier(() => parseFingerprint(text), field, FINGERPRINT_PATTERN);
}

/** The edition of a message definition namespace; ISO 15118-2 when none is given. Throws `edition-unknown`. */
export function editionField(namespace: string | undefined): Edition {
  if (namespace === undefined || namespace === '') return 'ISO15118-2';
  const edition = editionOfNamespace(namespace);
  if (edition === undefined) throw refuse('edition-unknown', namespace);
  return edition;
}

/** Throws `field-pattern` when the text is not base64 of at least one octet. */
export function octetsField(text: string, field: string): Uint8Array {
  const octets = fromBase64(text);
  if (octets === undefined || octets.length === 0) throw refuse('field-pattern', field, BASE64_PATTERN);
  return octets;
}

/** EXI in base64. Throws `exi-invalid` with the field behind the fixed text. */
export function exiField(text: string, field: string): Uint8Array {
  const octets = fromBase64(text);
  if (octets === undefined || octets.length === 0) throw refuseAt('exi-invalid', [`${field} : is not base64`]);
  return octets;
}

/** Base64 of DER, or PEM. Throws `certificate-format`, with what is wrong and where behind the fixed text. */
export function certificateField(text: string, field: string): Certificate {
  try {
    const der = text.startsWith('-----BEGIN') ? fromPem(text, 'CERTIFICATE') : fromBase64(text);
    if (der === undefined) throw refuseAt('certificate-format', [`${field} : is not base64`], field);
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) throw refuseAt('certificate-format', [`${field} : ${error.message}`], field);
    throw error;
  }
}

const mostCaTexts = 200;
const caCertificates = new BoundedCache<Certificate>(mostCaTexts);

/** The same for the CAs of a chain: there are few of them, and every vehicle sends them. */
export function caCertificateField(text: string, field: string): Certificate {
  const known = caCertificates.get(text, 0);
  if (known !== undefined) return known;
  const certificate = certificateField(text, field);
  if (isCa(certificate)) caCertificates.set(text, certificate, Number.POSITIVE_INFINITY);
  return certificate;
}

/** For a certificate that is to be revoked: the reference calls it base64 of PEM and shows base64 of DER: what turns out to be PEM is taken as such. */
export function pemInside(text: string): string {
  const beginsAsPem = Buffer.from('-----BEGIN').toString('base64').slice(0, 12);
  return text.startsWith(beginsAsPem) ? Buffer.from(text, 'base64').toString('latin1') : text;
}

const LONGEST_SESSION_ID = 8;

/** Up to eight octets in hexadecimal; an empty text is none. Throws `session-id-form`. */
export function sessionIdField(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text === '') return undefined;
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(text) || text.length > 2 * LONGEST_SESSION_ID) throw refuse('session-id-form');
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

/** Key identifiers as OEMs write them: hexadecimal, in either case, with or without colons. */
export function keyIdentifiersField(texts: readonly string[], field: string): string[] {
  return texts.map((text) => {
    const hex = text.replaceAll(/[:\s]/g, '').toLowerCase();
    if (!/^(?:[0-9a-f]{2}){1,64}$/.test(hex)) throw refuse('field-invalid', field, 'must be hexadecimal octets');
    return hex;
  });
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Epoch milliseconds of an ISO 8601 instant with its offset. Throws `contract-time-form`. */
export function instantField(text: string, field: string): number {
  const time = INSTANT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse('contract-time-form', field);
  return time;
}

/** `Date` takes the 30th of February for a day in March. */
function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}

/** A boolean header: only the word for the other value changes the default. */
export function booleanHeader(text: string | undefined, byDefault: boolean): boolean {
  const word = text?.trim().toLowerCase();
  if (word === 'true') return true;
  if (word === 'false') return false;
  return byDefault;
}

function identifier<T>(parse: () => T, field: string, pattern: string): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof IdentifierError) throw refuse('field-pattern', field, pattern);
    throw error;
  }
}

/**
 * Node leaves out what is no base64, so that there are fewer octets than the characters stand for. Only of ASCII: of wider
 * characters it reads the lower half. Base64url it reads as well.
 */
function fromBase64(text: string): Uint8Array | undefined {
  const isAscii = Buffer.byteLength(text) === text.length;
  if (text.length % 4 !== 0 || !isAscii || text.includes('-') || text.includes('_')) return undefined;
  const octets = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return octets.length === (text.length / 4) * 3 - padding ? octets : undefined;
}
