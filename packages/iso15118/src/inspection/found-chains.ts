/** The certificate chains in a message, whatever message it is, and what can be said of them. */

import type { Edition } from '../algorithms.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { CertificateError } from '../certificates/certificate-error.ts';
import { namesEqual } from '../certificates/name.ts';
import type { LeafProfileName } from '../certificates/profiles.ts';
import { readCertificate } from '../certificates/read.ts';
import { isSignedBy } from '../certificates/signature-check.ts';
import { chainProblems } from './chain-problems.ts';
import { fieldOf } from './field.ts';
import type { Problem } from './problem.ts';

export interface FoundCertificate {
  readonly position: string;
  readonly certificate: Certificate;
  readonly validNow: boolean;
  /** Whether the next one in the chain signed it; `null` when that one is not known. */
  readonly signedByIssuer: boolean | null;
}

export interface FoundChain {
  /** The element that it is in. */
  readonly element: string;
  /** Leaf first; those that could be read. */
  readonly certificates: readonly FoundCertificate[];
  /** Of the roots handed in the one above the chain, by its name. */
  readonly root: Certificate | null;
  readonly problems: readonly Problem[];
}

/** Names of the elements that hold a chain or a certificate, and what its leaf is meant to be. */
const chainElements: ReadonlyMap<string, LeafProfileName> = new Map([
  ['OEMProvisioningCert', 'oem'],
  ['OEMProvisioningCertificateChain', 'oem'],
  ['SAProvisioningCertificateChain', 'cps'],
  ['CPSCertificateChain', 'cps'],
  ['ContractSignatureCertChain', 'contract'],
  ['ContractCertificateChain', 'contract'],
]);

export interface ChainCircumstances {
  /** Of the message; `undefined` when it is of none. */
  readonly edition: Edition | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Trust anchors that the chains may end at. */
  readonly roots: readonly Certificate[];
  /** Whether certificates of zeros stand for none: in a response that refuses. */
  readonly hollow: boolean;
}

export function chainsIn(root: string, value: unknown, circumstances: ChainCircumstances): FoundChain[] {
  const profile = chainElements.get(root);
  const ders = profile === undefined ? undefined : certificatesOf(value, circumstances.hollow);
  if (profile !== undefined && ders !== undefined) return [foundChain(root, profile, ders, circumstances)];
  if (Array.isArray(value)) return value.flatMap((entry) => chainsIn(root, entry, circumstances));
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([name, inner]) => chainsIn(name, inner, circumstances));
}

function certificatesOf(value: unknown, hollow: boolean): Uint8Array[] | undefined {
  if (value instanceof Uint8Array) return [value];
  const leaf = fieldOf(value, 'Certificate');
  if (!(leaf instanceof Uint8Array)) return undefined;
  if (hollow && leaf.every((octet) => octet === 0)) return undefined;
  const subs = fieldOf(value, 'SubCertificates', 'Certificate');
  return [leaf, ...(Array.isArray(subs) ? subs.filter((sub) => sub instanceof Uint8Array) : [])];
}

function foundChain(
  element: string,
  profile: LeafProfileName,
  ders: readonly Uint8Array[],
  { edition, at, roots }: ChainCircumstances,
): FoundChain {
  const read = ders.map((der) => certificateOrError(der));
  const top = read.at(-1);
  const root = top === undefined || top instanceof CertificateError ? null : rootAbove(top, roots);
  const malformed: Problem[] = [];
  const certificates = read.flatMap((certificate, index): FoundCertificate[] => {
    const position = positionOf(index, ders.length);
    if (certificate instanceof CertificateError) {
      const text = `the ${position} in ${element} cannot be read: ${certificate.message}; have it issued again`;
      malformed.push({ code: 'certificate-malformed', text });
      return [];
    }
    const issuer = index + 1 < read.length ? read[index + 1] : root;
    const known = issuer !== undefined && issuer !== null && !(issuer instanceof CertificateError);
    const signedByIssuer = known ? issued(issuer, certificate) : null;
    return [{ position, certificate, validNow: isValid(certificate, at), signedByIssuer }];
  });
  const problems = chainProblems({ element, profile, edition, certificates, root, at, rootsGiven: roots.length > 0 });
  return { element, certificates, root, problems: [...malformed, ...problems] };
}

function certificateOrError(der: Uint8Array): Certificate | CertificateError {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof CertificateError) return error;
    throw error;
  }
}

function positionOf(index: number, length: number): string {
  if (index === 0) return 'leaf certificate';
  if (length === 2) return 'sub CA certificate';
  return length === 3 ? `sub CA ${3 - index} certificate` : `sub CA certificate ${index}`;
}

/** The root that signed it, else one of the name that its issuer has. */
function rootAbove(top: Certificate, roots: readonly Certificate[]): Certificate | null {
  const named = roots.filter((root) => namesEqual(top.issuer, root.subject));
  return named.find((root) => issued(root, top)) ?? named[0] ?? null;
}

function issued(issuer: Certificate, certificate: Certificate): boolean {
  return namesEqual(certificate.issuer, issuer.subject) && isSignedBy(certificate, issuer);
}

/** The last second of the validity belongs to it (RFC 5280 §4.1.2.5). */
function isValid({ notBefore, notAfter }: Certificate, at: number): boolean {
  return notBefore <= at && at < notAfter + 1000;
}
