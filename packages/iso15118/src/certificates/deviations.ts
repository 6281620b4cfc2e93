import { algorithms } from '../algorithms.ts';
import type { Certificate } from './certificate.ts';
import type { Chain, ChainPosition } from './chain.ts';
import { attributeOf } from './name.ts';
import { type CertificateProfile, certificateProfiles, type LeafProfileName } from './profiles.ts';

export type DeviationCode =
  | 'key-encipherment-instead-of-key-agreement'
  | 'missing-key-usage'
  | 'missing-domain-component'
  | 'no-subject-key-identifier'
  | 'no-authority-key-identifier'
  | 'authority-key-identifier-mismatch'
  | 'key-identifier-size'
  | 'no-ocsp-url'
  | 'no-path-length'
  | 'certificate-too-large'
  | 'serial-number-not-positive';

/** Something the profile wants otherwise but the field does, and which breaks no trust. */
export interface Deviation {
  readonly code: DeviationCode;
  readonly certificate: ChainPosition;
  readonly text: string;
}

const keyIdentifierSize = 8;

/** Where a chain that is to be trusted strays from ISO 15118-2 Annex F or ISO 15118-20 Annex B. */
export function deviationsOf(chain: Chain, leafProfile: LeafProfileName | undefined): Deviation[] {
  const { leaf, subCa2, subCa1, root } = chain;
  const issuerOfLeaf = subCa2 ?? subCa1;
  const profile = leafProfile === undefined ? undefined : certificateProfiles[leafProfile];
  return [
    ...ofLeaf(leaf, profile),
    ...ofSent(leaf, 'leaf', issuerOfLeaf),
    ...(subCa2 === undefined ? [] : ofAuthority(subCa2, 'subCa2')),
    ...(subCa2 === undefined ? [] : ofSent(subCa2, 'subCa2', subCa1)),
    ...ofAuthority(subCa1, 'subCa1'),
    ...ofSent(subCa1, 'subCa1', root),
  ];
}

function ofLeaf(leaf: Certificate, profile: CertificateProfile | undefined): Deviation[] {
  if (profile === undefined) {
    return [];
  }
  const deviations: Deviation[] = [];
  const missing = profile.keyUsage.filter((usage) => leaf.keyUsage?.has(usage) !== true);
  if (missing.length === 1 && missing[0] === 'keyAgreement' && leaf.keyUsage?.has('keyEncipherment') === true) {
    deviations.push({
      code: 'key-encipherment-instead-of-key-agreement',
      certificate: 'leaf',
      text: 'keyUsage has keyEncipherment where the profile wants keyAgreement',
    });
  } else if (missing.length > 0) {
    deviations.push({ code: 'missing-key-usage', certificate: 'leaf', text: `keyUsage lacks ${missing.join(', ')}` });
  }
  const { domainComponent } = profile;
  if (domainComponent !== undefined && attributeOf(leaf.subject, 'DC') !== domainComponent) {
    deviations.push({
      code: 'missing-domain-component',
      certificate: 'leaf',
      text: `subject has no DC=${domainComponent}`,
    });
  }
  return deviations;
}

function ofAuthority(certificate: Certificate, position: ChainPosition): Deviation[] {
  const deviations: Deviation[] = [];
  if (certificate.keyUsage === undefined) {
    deviations.push({ code: 'missing-key-usage', certificate: position, text: 'a CA without keyUsage' });
  }
  if (certificate.basicConstraints?.pathLength === undefined) {
    deviations.push({ code: 'no-path-length', certificate: position, text: 'a sub CA without pathLenConstraint' });
  }
  return deviations;
}

function ofSent(certificate: Certificate, position: ChainPosition, issuer: Certificate): Deviation[] {
  const { maxCertificateSize, edition } = algorithms[certificate.publicKey.curve];
  const { der, serialNumber, subjectKeyIdentifier: own, authorityKeyIdentifier: authority } = certificate;
  const found: (readonly [boolean, DeviationCode, string])[] = [
    [own === undefined, 'no-subject-key-identifier', 'no subject key identifier'],
    [authority === undefined, 'no-authority-key-identifier', 'no authority key identifier'],
    [
      own !== undefined && own.length !== keyIdentifierSize,
      'key-identifier-size',
      `the subject key identifier has ${own?.length} octets instead of ${keyIdentifierSize}`,
    ],
    [
      authority !== undefined &&
        issuer.subjectKeyIdentifier !== undefined &&
        Buffer.compare(authority, issuer.subjectKeyIdentifier) !== 0,
      'authority-key-identifier-mismatch',
      'the authority key identifier is not that of the issuer',
    ],
    [certificate.ocspUrls.length === 0, 'no-ocsp-url', 'no OCSP responder is named'],
    [
      der.length > maxCertificateSize,
      'certificate-too-large',
      `${der.length} octets do not fit into messages of ${edition}, which hold ${maxCertificateSize}`,
    ],
    [isNotPositive(serialNumber), 'serial-number-not-positive', 'the serial number is zero or negative'],
  ];
  return found.flatMap(([deviates, code, text]) => (deviates ? [{ code, certificate: position, text }] : []));
}

function isNotPositive(serialNumber: Uint8Array): boolean {
  return (serialNumber[0] ?? 0) >= 0x80 || serialNumber.every((octet) => octet === 0);
}
