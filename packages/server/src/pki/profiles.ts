/**
 * What each kind of certificate says, as one table: we issue strictly by it. Both editions want the same of a kind and
 * differ in the algorithm only, so a profile is a row of the table on one curve. Readers of foreign certificates are
 * more tolerant; that is chain validation's business and not this room's.
 */
import {
  algorithms,
  type CertificateProfile,
  type CurveName,
  certificateProfiles,
  type Edition,
} from '@plugpool/iso15118/pki';

/** The branches of the PKI that issue to parties. */
export const caDomains = ['oem', 'mo', 'cpo', 'cps', 'veh'] as const;
export type CaDomain = (typeof caDomains)[number];

/** The first of an edition is its default. */
export const curvesOfEdition: Readonly<Record<Edition, readonly [CurveName, ...CurveName[]]>> = {
  'ISO15118-2': ['secp256r1'],
  'ISO15118-20': ['secp521r1', 'ed448'],
};
export const curves: readonly CurveName[] = Object.values(curvesOfEdition).flat();
/** How a curve shows in the names of authorities; the first edition's does not. */
export const algorithmLabels: Readonly<Record<CurveName, string>> = {
  secp256r1: '',
  secp521r1: 'P-521',
  ed448: 'Ed448',
};

export interface Profile {
  readonly edition: Edition;
  readonly curve: CurveName;
  /** Basic constraints, key usage. */
  readonly extensions: CertificateProfile;
  /** Attributes of the subject, in this order; `DC` has the value of `domainComponent`. */
  readonly subject: readonly SubjectAttribute[];
  readonly domainComponent: string | undefined;
  /** Whether it says where its status and its issuer's certificate are: OCSP and CA issuers (AIA) and CRL. */
  readonly statusLocations: boolean;
  /** Days from now, where the caller asks for no other; the issuer's own end always comes first (shell model). */
  readonly validityDays: number;
}

export type SubjectAttribute = 'C' | 'O' | 'DC' | 'CN';

interface Row extends Omit<Profile, 'edition' | 'curve'> {
  /** Where the standard says so; lifetimes are ours, see decision 031. */
  readonly source: string;
}

const YEAR = 365;
const subCa = { subject: ['C', 'O', 'CN'], domainComponent: undefined, statusLocations: true } as const;
const leaf = { subject: ['O', 'DC', 'CN'], statusLocations: true } as const;

export const certificateKinds = {
  'v2g-root': {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, V2G root CA',
    extensions: certificateProfiles.root,
    subject: ['C', 'O', 'DC', 'CN'],
    domainComponent: 'V2G',
    statusLocations: false,
    validityDays: 40 * YEAR,
  },
  'sub-ca1': {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, sub CA 1 of every branch',
    ...subCa,
    extensions: certificateProfiles.subCa1,
    validityDays: 35 * YEAR,
  },
  'sub-ca2': {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, sub CA 2',
    ...subCa,
    extensions: certificateProfiles.subCa2,
    validityDays: 30 * YEAR,
  },
  'mo-sub-ca2': {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, MO sub CA 2: it may also sign and commit',
    ...subCa,
    extensions: certificateProfiles.moSubCa2,
    validityDays: 30 * YEAR,
  },
  'oem-provisioning': {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, OEM provisioning certificate; fit for ECDH by [V2G20-822]',
    ...leaf,
    extensions: certificateProfiles.oem,
    domainComponent: 'OEM',
    // A car lives longer than anybody plans to renew what is in it.
    validityDays: 25 * YEAR,
  },
  contract: {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, contract certificate',
    ...leaf,
    extensions: certificateProfiles.contract,
    domainComponent: 'MO',
    validityDays: 2 * YEAR,
  },
  secc: {
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, SECC certificate',
    ...leaf,
    extensions: certificateProfiles.secc,
    domainComponent: 'CPO',
    validityDays: 90,
  },
  'cps-signer': {
    // The car looks for DC=CPS.
    source: 'ISO 15118-2 Annex F and ISO 15118-20 Annex B, provisioning service; [V2G2-891]',
    ...leaf,
    extensions: certificateProfiles.cps,
    subject: ['C', 'O', 'DC', 'CN'],
    domainComponent: 'CPS',
    // Signed contract data is checked against it years after it was signed.
    validityDays: 4 * YEAR,
  },
  vehicle: {
    source: 'ISO 15118-20 Annex B, vehicle certificate: TLS client',
    ...leaf,
    extensions: certificateProfiles.vehicle,
    domainComponent: 'VEH',
    // Unlike the provisioning certificate it is renewed online.
    validityDays: 2 * YEAR,
  },
} as const satisfies Record<string, Row>;
export type CertificateKind = keyof typeof certificateKinds;

interface Domain {
  readonly subCa1: CertificateKind;
  readonly subCa2: CertificateKind;
  /** What the second one issues to parties. */
  readonly leaf: CertificateKind;
  readonly editions: readonly Edition[];
}

const bothEditions = ['ISO15118-2', 'ISO15118-20'] as const;

const domains: Readonly<Record<CaDomain, Domain>> = {
  oem: { subCa1: 'sub-ca1', subCa2: 'sub-ca2', leaf: 'oem-provisioning', editions: bothEditions },
  mo: { subCa1: 'sub-ca1', subCa2: 'mo-sub-ca2', leaf: 'contract', editions: bothEditions },
  cpo: { subCa1: 'sub-ca1', subCa2: 'sub-ca2', leaf: 'secc', editions: bothEditions },
  cps: { subCa1: 'sub-ca1', subCa2: 'sub-ca2', leaf: 'cps-signer', editions: bothEditions },
  // A car of ISO 15118-2 has no certificate for TLS.
  veh: { subCa1: 'sub-ca1', subCa2: 'sub-ca2', leaf: 'vehicle', editions: ['ISO15118-20'] },
};

/** The row of a kind, for keys on a curve. */
export function profileOf(kind: CertificateKind, curve: CurveName): Profile {
  return { ...certificateKinds[kind], curve, edition: algorithms[curve].edition };
}

/** The profile of a domain's CA, or of what its sub CA 2 issues to parties. */
export function domainProfile(domain: CaDomain, level: 'subCa1' | 'subCa2' | 'leaf', curve: CurveName): Profile {
  return profileOf(domains[domain][level], curve);
}

export function servesEdition(domain: CaDomain, edition: Edition): boolean {
  return domains[domain].editions.includes(edition);
}
