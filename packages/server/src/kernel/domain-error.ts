/**
 * Everything a caller can do wrong, with its HTTP status and its words on the wire beside it.
 * Clients of the field match on some of these texts, so they are kept letter by letter.
 */
import { EMAID_PATTERNS, PCID_PATTERN } from './patterns.ts';

const texts = {
  // A field of the request
  'field-missing': { status: 400, text: (field: string) => `${field} : must not be null` },
  'field-invalid': { status: 400, text: (field: string, why: string) => `${field} : ${why}` },
  'field-pattern': { status: 400, text: (field: string, pattern: string) => `${field} : must match "${pattern}"` },
  'pcid-form': { status: 400, text: () => `pcid : must match "${PCID_PATTERN}"` },
  'emaid-form': { status: 400, text: () => `emaid : must match "${EMAID_PATTERNS.opnc}"` },
  'session-id-form': {
    status: 400,
    text: () =>
      'Invalid SessionID format, make sure the length is maximum 8 characters and it is represented in HEX binary',
  },
  'edition-unknown': {
    status: 400,
    text: (namespace: string) => `xsdMsgDefNamespace : "${namespace}" is not a known message definition namespace`,
  },
  'edition-unavailable': {
    status: 400,
    text: (edition: string) => `xsdMsgDefNamespace : ${edition} is not served by this operation`,
  },

  // Certificates
  'certificate-format': { status: 400, text: (field: string) => `Invalid certificate format on ${field}` },
  'certificate-refused': { status: 400, text: (field: string, why: string) => `${field} : ${why}` },
  'chain-refused': { status: 400, text: (field: string, why: string) => `${field} : ${why}` },
  'certificate-revoked': { status: 400, text: (field: string, since: string) => `${field} : ${since}` },
  'revocation-unknown': {
    status: 400,
    text: (field: string, why: string) => `${field} : its revocation status cannot be established: ${why}`,
  },
  'contract-expired': { status: 400, text: () => 'The validUntil date of contract certificate is in the past.' },

  // Root Certificate Pool
  'root-not-found': { status: 404, text: () => 'Root certificate with the given ID is not found' },
  'trust-list-unsigned': { status: 404, text: () => 'There is nobody to sign the certificate trust list.' },

  // Provisioning Certificate Pool
  'vehicle-not-found': {
    status: 404,
    text: () => 'The OEM provisioning certificate with given PCID is not found.',
  },
  'vehicle-not-available': {
    status: 400,
    text: () => 'The OEM provisioning certificate with the given PCID is not available.',
  },

  // Certificate Provisioning Service
  'contract-time-form': { status: 400, text: (field: string) => `The ${field} does not match the specification` },
  'contract-ends-in-past': { status: 400, text: () => 'The given contractEnds date is in the past.' },
  'cps-root-unknown': {
    status: 400,
    text: (fingerprint: string) => `cpsV2GRootCertificateFingerprint : no CPS signer under the V2G root ${fingerprint}`,
  },
  'mo-root-unknown': {
    status: 400,
    text: (fingerprint: string) => `moRootCertificateFingerprint : no MO CA under the root ${fingerprint}`,
  },

  // Contract Certificate Pool
  'contract-not-found': { status: 404, text: () => 'The contract for the given EMAID not found.' },
  'contract-or-vehicle-not-found': { status: 404, text: () => 'Contract or Vehicle not found.' },
  'emaid-taken': { status: 400, text: () => 'Invalid Tupple - EMAID is already used by other PCID.' },
  'exi-invalid': { status: 400, text: () => 'EXI format is invalid!' },
  'signature-invalid': { status: 400, text: (field: string, why: string) => `${field} : ${why}` },

  // Webhooks
  'endpoint-not-found': { status: 404, text: () => 'The webhook endpoint with the given ID is not found.' },
  'delivery-not-found': { status: 404, text: () => 'The webhook delivery with the given ID is not found.' },

  // Federation
  'peer-not-found': { status: 404, text: () => 'There is no peer with the given ID' },
  'subscription-not-found': { status: 404, text: () => 'There is no subscription to the events of this peer' },
  'peer-unanswered': { status: 502, text: (why: string) => `The peer gives no good answer: ${why}` },

  // PKI
  'authority-not-found': { status: 404, text: (name: string) => `There is no certificate authority "${name}"` },
  'authority-refused': { status: 400, text: (name: string, why: string) => `${name} : ${why}` },
  'certificate-request-refused': { status: 400, text: (why: string) => `certificate request : ${why}` },
  'certificate-not-ours': { status: 400, text: () => 'certificate : was not issued by a CA of this ecosystem' },

  // Access
  'not-authenticated': { status: 401, text: () => 'Unauthorized' },
  'not-allowed': { status: 403, text: () => 'Forbidden' },
  'too-many-requests': { status: 429, text: () => 'Too many requests' },
  'issuer-unreachable': { status: 503, text: () => 'The issuer of the token does not answer' },
  'party-not-found': { status: 404, text: () => 'There is no party with the given ID' },
  'client-not-found': { status: 404, text: () => 'There is no client with the given ID' },
  'party-or-client-not-found': { status: 404, text: () => 'There is no party and no client with the given ID' },
  'cross-site-request': { status: 403, text: () => 'The request did not come from the console' },
  'sign-in-refused': { status: 401, text: () => 'The name, the password or the code is not right' },
  'sign-in-over': { status: 400, text: () => 'This sign-in took too long or began somewhere else: begin again' },
  'sign-in-insecure': {
    status: 400,
    text: () => 'Operators sign in over HTTPS, or on the machine itself: see --public-url',
  },
  'not-an-operator': { status: 403, text: () => 'The account at the issuer is not that of an operator' },
  'operator-issuer-unreachable': { status: 503, text: () => 'The issuer where operators sign in does not answer' },
  'enrolment-refused': { status: 404, text: () => 'The enrolment link is not good, or not any more' },
  'password-refused': { status: 400, text: (why: string) => `password : ${why}` },
  'code-refused': { status: 400, text: () => 'code : is not the code of this moment' },
  'operator-not-found': { status: 404, text: (name: string) => `There is no operator "${name}"` },
  'operator-refused': { status: 400, text: (why: string) => `name : ${why}` },
  'approval-not-found': { status: 404, text: () => 'There is no proposal with the given ID' },
  'approval-own': { status: 403, text: () => 'Somebody else than who proposed it has to approve it' },
  'approval-unnamed': {
    status: 403,
    text: () => 'Another operator has to approve this, so it has to be known who proposes it: --by NAME',
  },
  'approval-decided': { status: 409, text: (state: string) => `The proposal is ${state}` },
  'approval-stale': { status: 409, text: () => 'What the proposal would change has changed since: propose it again' },
  'party-refused': { status: 400, text: (field: string, why: string) => `${field} : ${why}` },
} satisfies Record<string, { status: number; text: (...details: string[]) => string }>;

export type DomainErrorKind = keyof typeof texts;

const isDomainErrorKind = (name: string): name is DomainErrorKind => Object.hasOwn(texts, name);
export const domainErrorKinds: readonly DomainErrorKind[] = Object.keys(texts).filter(isDomainErrorKind);

type Details<K extends DomainErrorKind> = Parameters<(typeof texts)[K]['text']>;

/** A refusal that the caller is told about; anything else thrown becomes a bare 500. */
export class DomainError<K extends DomainErrorKind = DomainErrorKind> extends Error {
  readonly kind: K;
  readonly status: number;
  /** What goes out: the fixed text first, then what helps to find the place. */
  readonly errorMessages: readonly string[];

  constructor(kind: K, details: Details<K>, places: readonly string[] = []) {
    const text = textOf(kind, details);
    super(text);
    this.name = 'DomainError';
    this.kind = kind;
    this.status = texts[kind].status;
    this.errorMessages = [text, ...places];
  }
}

/** A domain error, its details checked against its kind. */
export function refuse<K extends DomainErrorKind>(kind: K, ...details: Details<K>): DomainError<K> {
  return new DomainError(kind, details);
}

/** The same, with further lines that say where and what, for texts that clients match on and that say neither. */
export function refuseAt<K extends DomainErrorKind>(
  kind: K,
  places: readonly string[],
  ...details: Details<K>
): DomainError<K> {
  return new DomainError(kind, details, places);
}

/** Status and text of a kind for the documents; `details` are made up, and an ellipsis stands for those left out. */
export function exampleOf(kind: DomainErrorKind, details: readonly string[]): { status: number; text: string } {
  const { status, text }: { status: number; text: (...parts: string[]) => string } = texts[kind];
  return { status, text: text(...details, ...Array<string>(text.length).fill('…')) };
}

function textOf<K extends DomainErrorKind>(kind: K, details: Details<K>): string {
  const write: (...parts: string[]) => string = texts[kind].text;
  return write(...details);
}
