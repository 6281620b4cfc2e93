import type { KeyUsage, PublicKey } from './certificate.ts';
import {
  aia,
  aki,
  basicConstraints,
  crlDistributionPoints,
  type Extension,
  keyIdentifierOf,
  keyUsage,
  madeBefore,
  ski,
} from './extensions.ts';

/** What ISO 15118-2 Annex F and ISO 15118-20 Annex B want of one kind of certificate. */
export interface CertificateProfile {
  readonly ca: boolean;
  readonly pathLength?: number;
  readonly keyUsage: readonly KeyUsage[];
  /** Value of the DC attribute of the subject. */
  readonly domainComponent?: string;
}

const caUsage = ['keyCertSign', 'cRLSign'] as const;
const tlsAndKeyAgreement = ['digitalSignature', 'keyAgreement'] as const;

export const certificateProfiles = {
  root: { ca: true, keyUsage: caUsage, domainComponent: 'V2G' },
  subCa1: { ca: true, pathLength: 1, keyUsage: caUsage },
  subCa2: { ca: true, pathLength: 0, keyUsage: caUsage },
  moSubCa2: { ca: true, pathLength: 0, keyUsage: ['digitalSignature', 'nonRepudiation', ...caUsage] },
  oem: { ca: false, keyUsage: tlsAndKeyAgreement, domainComponent: 'OEM' },
  contract: {
    ca: false,
    keyUsage: ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement'],
    domainComponent: 'MO',
  },
  cps: { ca: false, keyUsage: ['digitalSignature'], domainComponent: 'CPS' },
  secc: { ca: false, keyUsage: tlsAndKeyAgreement, domainComponent: 'CPO' },
  vehicle: { ca: false, keyUsage: tlsAndKeyAgreement, domainComponent: 'VEH' },
} as const satisfies Record<string, CertificateProfile>;

export type ProfileName = keyof typeof certificateProfiles;
export type LeafProfileName = 'oem' | 'contract' | 'cps' | 'secc' | 'vehicle';

export interface ProfileDetails {
  readonly subjectKey: Pick<PublicKey, 'point'>;
  /** Subject key identifier of the issuer, as its certificate has it. */
  readonly issuerKeyIdentifier: Uint8Array;
  readonly ocspUrl?: string;
  readonly caIssuersUrl?: string;
  readonly crlUrl?: string;
}

/**
 * The extensions of a certificate of this profile, in the order of the field's certificates. Those that an issuer gives all its
 * certificates of a profile are made once, and belong to the octets of its key identifier.
 */
export function profileExtensions(
  profile: CertificateProfile,
  { subjectKey, ...ofIssuer }: ProfileDetails,
): Extension[] {
  const { constraints, issuer } = fixedExtensions(profile, ofIssuer);
  return [...constraints, ski(keyIdentifierOf(subjectKey)), ...issuer];
}

type IssuerDetails = Omit<ProfileDetails, 'subjectKey'>;

interface FixedExtensions extends Omit<IssuerDetails, 'issuerKeyIdentifier'> {
  readonly profile: CertificateProfile;
  readonly constraints: readonly Extension[];
  readonly issuer: readonly Extension[];
}

/** Of one issuer: it has few kinds of certificates, and addresses that hardly change. */
const MOST_KNOWN = 16;

const known = new WeakMap<Uint8Array, FixedExtensions[]>();

function fixedExtensions(profile: CertificateProfile, details: IssuerDetails): FixedExtensions {
  const { issuerKeyIdentifier, ocspUrl, caIssuersUrl, crlUrl } = details;
  const ofIssuer = known.get(issuerKeyIdentifier) ?? [];
  const found = ofIssuer.find(
    (each) =>
      each.profile === profile &&
      each.ocspUrl === ocspUrl &&
      each.caIssuersUrl === caIssuersUrl &&
      each.crlUrl === crlUrl,
  );
  if (found !== undefined) return found;
  const made = makeFixed(profile, details);
  known.set(issuerKeyIdentifier, [made, ...ofIssuer].slice(0, MOST_KNOWN));
  return made;
}

function makeFixed(profile: CertificateProfile, details: IssuerDetails): FixedExtensions {
  const { issuerKeyIdentifier, ...urls } = details;
  const { ocspUrl, caIssuersUrl, crlUrl } = urls;
  const access = {
    ...(ocspUrl === undefined ? {} : { ocsp: ocspUrl }),
    ...(caIssuersUrl === undefined ? {} : { caIssuers: caIssuersUrl }),
  };
  const constraints = [basicConstraints(profile.ca, profile.pathLength), keyUsage(...profile.keyUsage)];
  const issuer = [
    aki(issuerKeyIdentifier),
    ...(Object.keys(access).length === 0 ? [] : [aia(access)]),
    ...(crlUrl === undefined ? [] : [crlDistributionPoints(crlUrl)]),
  ];
  return { ...urls, profile, constraints: constraints.map(madeBefore), issuer: issuer.map(madeBefore) };
}
