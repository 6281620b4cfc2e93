/** Issuing in two steps: `prepareCertificate` checks everything that can be checked, `issue` signs, once. */
import {
  algorithms,
  type Certificate,
  type CertificateContent,
  draftCertificate,
  keyIdentifierOf,
  type PublicKey,
  profileExtensions,
  randomSerialNumber,
  type Signer,
} from '@plugpool/iso15118/pki';
import { refuse } from '../kernel/domain-error.ts';
import { deviationsFrom } from './lint.ts';
import type { Profile } from './profiles.ts';
import { type SubjectValues, subjectOf } from './subject.ts';

export interface Issuer {
  /** The authority's name, as the status locations in what it issues have it. */
  readonly name: string;
  readonly signer: Signer;
  /** `undefined` for a root that is about to sign itself. */
  readonly certificate: Certificate | undefined;
}

export interface CertificateOrder {
  readonly profile: Profile;
  readonly subject: SubjectValues;
  readonly publicKey: PublicKey;
  /** Epoch milliseconds. What lies outside the issuer's own validity is cut off (shell model). */
  readonly notBefore: number;
  readonly notAfter: number;
}

export interface IssuanceSettings {
  /** Where OCSP, CRLs and CA certificates are served; without a slash at the end. */
  readonly publicUrl: string;
  readonly random: (octets: number) => Uint8Array;
}

export interface PreparedCertificate {
  /** Signs. A second call throws: one check, one certificate. */
  issue(): Promise<Certificate>;
}

/**
 * Builds the certificate around a stand-in for the signature, reads it back and compares it with its profile.
 * @throws DomainError `certificate-request-refused` for what the asker can change: the key's curve, a validity outside
 * the issuer's, names that make it too large. Anything else that does not fit the profile is an error of ours.
 */
export function prepareCertificate(
  issuer: Issuer,
  order: CertificateOrder,
  settings: IssuanceSettings,
): PreparedCertificate {
  const content = contentOf(issuer, order, settings);
  const draft = draftCertificate(content, issuer.signer.curve);
  const { certificate } = draft;
  const { maxCertificateSize } = algorithms[order.profile.curve];
  if (certificate.der.length > maxCertificateSize) {
    throw refuse(
      'certificate-request-refused',
      `the certificate would have ${certificate.der.length} octets, a message holds ${maxCertificateSize}: use shorter names`,
    );
  }
  const deviations = deviationsFrom(order.profile, certificate, issuer.certificate ?? certificate);
  if (deviations.length > 0) throw new Error(`refusing to sign: ${deviations.join('; ')}`);
  let issued = false;
  return {
    async issue() {
      if (issued) throw new Error('this certificate was issued already');
      issued = true;
      return await draft.sign(issuer.signer);
    },
  };
}

function contentOf(issuer: Issuer, order: CertificateOrder, settings: IssuanceSettings): CertificateContent {
  const { profile, publicKey } = order;
  if (publicKey.curve !== profile.curve) {
    throw refuse(
      'certificate-request-refused',
      `the key is on ${publicKey.curve}, ${profile.edition} needs ${profile.curve}`,
    );
  }
  const subject = subjectOf(profile, order.subject);
  return {
    serialNumber: randomSerialNumber(settings.random),
    issuer: issuer.certificate?.subject ?? subject,
    subject,
    ...validityOf(order, issuer.certificate),
    spki: publicKey.spki,
    extensions: profileExtensions(profile.extensions, {
      subjectKey: publicKey,
      issuerKeyIdentifier: issuer.certificate?.subjectKeyIdentifier ?? keyIdentifierOf(issuer.signer.publicKey),
      ...(profile.statusLocations ? statusLocations(settings.publicUrl, issuer.name) : {}),
    }),
  };
}

/** Where the status of what an authority issued is told, and its own certificate is found. */
export function statusLocations(publicUrl: string, authorityName: string) {
  return {
    ocspUrl: `${publicUrl}/ocsp`,
    caIssuersUrl: `${publicUrl}/ca/${authorityName}.cer`,
    crlUrl: `${publicUrl}/crl/${authorityName}.crl`,
  };
}

function validityOf(order: CertificateOrder, issuer: Certificate | undefined) {
  const notBefore = Math.max(wholeSeconds(order.notBefore), issuer?.notBefore ?? 0);
  const notAfter = Math.min(wholeSeconds(order.notAfter), issuer?.notAfter ?? Number.POSITIVE_INFINITY);
  if (!(notBefore < notAfter)) {
    throw refuse('certificate-request-refused', 'nothing is left of the asked validity inside that of the issuer');
  }
  return { notBefore, notAfter };
}

function wholeSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}
