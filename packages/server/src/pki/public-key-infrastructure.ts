/** The door of this room: authorities, issuing, enrolment and revocation for the rest of the server. */
import { randomBytes } from 'node:crypto';
import {
  type Certificate,
  type CurveName,
  type Edition,
  type Fingerprint,
  isCa,
  type PublicKey,
  type Signer,
} from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store, Tx } from '../store/store.ts';
import { type Authority, authorityDirectory, type CaChain, chainFrom, chainsOf, currentOf } from './authorities.ts';
import { parseAuthorityName } from './authority-name.ts';
import { type Alongside, ensureDemoAuthorities, type Founding } from './demo-authorities.ts';
import { checkRequest } from './enrolment.ts';
import {
  type ImportedAuthority,
  type PreparedAuthorities,
  prepareImport,
  prepareRoots,
} from './further-authorities.ts';
import { type CertificateOrder, type IssuanceSettings, prepareCertificate } from './issuance.ts';
import { type Issued, recordIssued, recordOf } from './issued.ts';
import { selectAuthorityNameOf } from './issued-certificate-queries.ts';
import { type CaDomain, caDomains, curvesOfEdition, domainProfile, servesEdition } from './profiles.ts';
import { checkedPublicUrl } from './public-url.ts';
import { checkRenewal } from './renewal.ts';
import { type CertificateStatus, type RevocationReason, revoke, statusLookup } from './revocation.ts';
import { rotate, rotateDue } from './rollover.ts';
import { ownOrganization, subjectOf } from './subject.ts';

export type { Alongside } from './demo-authorities.ts';
export { type RevocationReason, revocationReasons } from './revocation.ts';

/** Who signs contract data, with everything a message carries of it. */
export interface CpsSigner {
  readonly edition: Edition;
  readonly certificate: Certificate;
  readonly subCa2: Certificate;
  readonly subCa1: Certificate;
  readonly root: Certificate;
  readonly signer: Signer;
}

export interface ContractOrder {
  readonly edition: Edition;
  /** As the certificate shall show it: upper case, no separators. */
  readonly emaidCommonName: string;
  readonly publicKey: PublicKey;
  /** Epoch milliseconds; cut to the validity of the MO sub CA 2. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The root under which the contract is wanted; the oldest MO CA where it is left out. */
  readonly moRoot?: Fingerprint | undefined;
}

export interface Enrolment {
  readonly domain: CaDomain;
  readonly edition: Edition;
  /** The algorithm asked for; where it is left out, the request's key decides among those of the edition. */
  readonly curve?: CurveName | undefined;
  /** PKCS#10, DER. */
  readonly request: Uint8Array;
  /** Whether there has to be a certificate with that subject already. */
  readonly renewal?: boolean;
}

export interface CaCertificates {
  readonly subCa2: Certificate;
  readonly subCa1: Certificate;
  readonly root: Certificate;
}

/** Everything but `revoke` reads through the store itself: not to be called inside a transaction. */
export interface PublicKeyInfrastructure {
  /**
   * Makes the authorities that the database does not have, opens every key, and returns whether it made any. Call it
   * first.
   * @throws SealedKeyError when the keys in the database were sealed with another master secret
   */
  ensureDemoAuthorities(alongside?: Alongside): Promise<boolean>;
  /** Of all generations, oldest first. */
  authorities(): Promise<readonly Authority[]>;
  /** @throws DomainError `authority-not-found` */
  authority(name: string): Promise<Authority>;
  roots(): Promise<readonly Certificate[]>;
  /** Another V2G root for each algorithm, with branches and signer. */
  prepareRoots(): Promise<PreparedAuthorities>;
  /** @throws DomainError `authority-refused` */
  prepareImport(imported: ImportedAuthority): Promise<PreparedAuthorities>;
  /** The next generation of an authority. @throws DomainError `authority-not-found`, `authority-refused` */
  rotate(name: string): Promise<Authority>;
  /** Rotates what nears its end, and returns the names of the successors: at the start, and now and then. */
  rotateDue(): Promise<readonly string[]>;
  /** @throws DomainError `edition-unavailable` when the domain has no CA of that edition */
  chainOf(domain: CaDomain, edition: Edition, curve?: CurveName): Promise<CaCertificates>;
  /** Of each line the last one whose certificate is valid now: by V2G root, the oldest first, -2 before -20. */
  cpsSigners(): Promise<readonly CpsSigner[]>;
  /**
   * Issues a contract certificate. Nothing is stored until `record` runs in the caller's transaction.
   * @throws DomainError `edition-unavailable`, `mo-root-unknown`, `certificate-request-refused`
   */
  issueContract(order: ContractOrder): Promise<Issued>;
  /** The branch whose CA issued a certificate to a party; undefined for what is not of that kind, or not ours. */
  domainOf(fingerprint: Fingerprint): Promise<CaDomain | undefined>;
  /**
   * Issues what a certification request asks for, and records it.
   * @throws DomainError `edition-unavailable`, `certificate-request-refused`
   */
  enrol(enrolment: Enrolment): Promise<Issued>;
  /** Marks a certificate as revoked; false when it is not one of ours. Once revoked, date and reason stay. */
  revoke(tx: Tx, fingerprint: Fingerprint, reason: RevocationReason, at: number): Promise<boolean>;
  /** One entry for each fingerprint asked, as the database says now. Not inside a transaction. */
  statusOf(fingerprints: readonly Fingerprint[]): Promise<ReadonlyMap<Fingerprint, CertificateStatus>>;
  /** Whether an authority of this ecosystem issued it and has it on record. */
  isOurs(certificate: Certificate): Promise<boolean>;
}

export interface PublicKeyInfrastructureParts {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: Clock;
  /** Under which clients reach this server; certificates carry it. */
  readonly publicUrl: string;
  readonly random?: (octets: number) => Uint8Array;
  /** The part of its validity with which an authority gets a successor; 0 for never. */
  readonly rolloverPart?: number | undefined;
}

const DAY_MS = 86_400_000;
const alone: Alongside = async () => undefined;
/** A fifth: ten months of a signer of four years. */
const ROLLOVER_PART = 0.2;

/** @throws RangeError when the public URL cannot stand in a certificate */
export function publicKeyInfrastructure(parts: PublicKeyInfrastructureParts): PublicKeyInfrastructure {
  const { store, keys, clock, random = randomBytes, rolloverPart = ROLLOVER_PART } = parts;
  const settings: IssuanceSettings = { publicUrl: checkedPublicUrl(parts.publicUrl), random };
  const directory = authorityDirectory(store, clock);
  const statusOf = statusLookup(store.lookups);
  const room: Room = { store, keys, clock, settings, directory };
  return {
    async ensureDemoAuthorities(alongside = alone) {
      const made = await ensureDemoAuthorities(room, alongside);
      // A key that cannot be opened shall stop the start, not the first contract.
      await keys.check((await directory.all()).map(({ privateKeyId }) => privateKeyId));
      return made;
    },
    authorities: () => directory.all(),
    async domainOf(fingerprint) {
      const name = await selectAuthorityNameOf(store.db, fingerprint);
      const kind = name === undefined ? undefined : parseAuthorityName(name)?.kind;
      return caDomains.find((domain) => kind === `${domain}-sub2`);
    },
    async authority(name) {
      const found = await directory.named(name);
      if (found === undefined) throw refuse('authority-not-found', name);
      return found;
    },
    async roots() {
      const roots = (await directory.all()).filter(({ issuer }) => issuer === undefined);
      return roots.map(({ certificate }) => certificate);
    },
    prepareRoots: () => prepareRoots(room),
    prepareImport: (imported) => prepareImport(room, imported),
    rotate: (name) => rotate(room, name),
    rotateDue: () => rotateDue(room, rolloverPart),
    async chainOf(domain, edition, curve = curvesOfEdition[edition][0]) {
      return certificatesOf(await chainOf(room, domain, { edition, curve }));
    },
    async cpsSigners() {
      const leafs = currentOf(await directory.all()).filter(({ certificate }) => !isCa(certificate));
      return (await Promise.all(leafs.map((authority) => asCpsSigner(room, authority)))).flat();
    },
    issueContract: (order) => issueContract(room, order),
    enrol: (enrolment) => enrol(room, enrolment),
    revoke,
    statusOf,
    async isOurs({ fingerprint }) {
      const all = await directory.all();
      if (all.some(({ certificate }) => certificate.fingerprint === fingerprint)) return true;
      return (await statusOf([fingerprint])).get(fingerprint) !== 'unknown';
    },
  };
}

type Room = Founding;

interface Algorithm {
  readonly edition: Edition;
  readonly curve: CurveName;
}

async function chainOf(
  { directory }: Room,
  domain: CaDomain,
  { edition, curve }: Algorithm,
  root?: Fingerprint,
): Promise<CaChain> {
  const chains = servesEdition(domain, edition) ? chainsOf(await directory.all(), domain, curve) : [];
  const found = chains.find((each) => root === undefined || each.root.certificate.fingerprint === root);
  if (found !== undefined) return found;
  throw root === undefined || chains.length === 0
    ? refuse('edition-unavailable', edition)
    : refuse('mo-root-unknown', root);
}

function certificatesOf({ subCa2, subCa1, root }: CaChain): CaCertificates {
  return { subCa2: subCa2.certificate, subCa1: subCa1.certificate, root: root.certificate };
}

/** None when it is not valid at this time. */
async function asCpsSigner({ keys, clock }: Room, authority: Authority): Promise<CpsSigner[]> {
  const { edition, certificate, privateKeyId } = authority;
  const above = chainFrom(authority.issuer);
  const now = clock.now();
  if (above === undefined || now < certificate.notBefore || now > certificate.notAfter) return [];
  return [{ edition, certificate, ...certificatesOf(above), signer: await keys.signer(privateKeyId) }];
}

async function issueContract(room: Room, order: ContractOrder): Promise<Issued> {
  const { edition, emaidCommonName, publicKey, notBefore, notAfter, moRoot } = order;
  const { curve } = publicKey;
  if (!curvesOfEdition[edition].includes(curve)) throw refuse('edition-unavailable', edition);
  const above = await chainOf(room, 'mo', { edition, curve }, moRoot);
  const subject = { ...ownOrganization, commonName: emaidCommonName };
  const profile = domainProfile('mo', 'leaf', curve);
  return await issueUnder(room, above, { profile, subject, publicKey, notBefore, notAfter });
}

async function enrol(room: Room, { domain, edition, curve, request, renewal }: Enrolment): Promise<Issued> {
  if (!servesEdition(domain, edition)) throw refuse('edition-unavailable', edition);
  const { publicKey, subject } = checkRequest(request, { domain, edition, curve });
  const above = await chainOf(room, domain, { edition, curve: publicKey.curve });
  const profile = domainProfile(domain, 'leaf', publicKey.curve);
  const notBefore = room.clock.now();
  if (renewal === true) {
    await checkRenewal(room.store.db, domain, subjectOf(profile, subject), subject.commonName, notBefore);
  }
  const notAfter = notBefore + profile.validityDays * DAY_MS;
  const issued = await issueUnder(room, above, { profile, subject, publicKey, notBefore, notAfter });
  await room.store.transaction((tx) => recordIssued(tx, [issued.record]));
  return issued;
}

async function issueUnder(room: Room, above: CaChain, order: CertificateOrder): Promise<Issued> {
  const { keys, clock, settings } = room;
  const { subCa2, subCa1, root } = above;
  const signer = await keys.signer(subCa2.privateKeyId);
  const issuer = { name: subCa2.name, signer, certificate: subCa2.certificate };
  const prepared = prepareCertificate(issuer, order, settings);
  const certificate = await prepared.issue();
  return {
    certificate,
    chain: [subCa2.certificate, subCa1.certificate],
    root: root.certificate,
    record: recordOf(subCa2.name, certificate, clock.now()),
  };
}
