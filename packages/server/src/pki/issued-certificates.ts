/** What our CAs issued, as the pools and the operator ask for it. Their status comes from the database, always. */
import { type Certificate, type Fingerprint, parseFingerprint, readCertificate } from '@plugpool/iso15118/pki';
import type { OwnRevocations, RevokedCertificate } from '../listing/certificate-listing.ts';
import { behind, mergeGroups, type Position } from '../listing/keyset.ts';
import { sql } from '../store/query-builder.ts';
import type { Db, Store } from '../store/store.ts';
import type { Authority } from './authorities.ts';
import { parseAuthorityName } from './authority-name.ts';
import { selectFingerprintsNamed, selectIssued } from './issued-certificate-queries.ts';
import type { CaDomain } from './profiles.ts';
import { type CertificateStatus, type Revocation, reasonOf, statusOf } from './revocation.ts';

export interface IssuedCertificate {
  readonly certificate: Certificate;
  /** Such as `mo-sub2`. */
  readonly authorityName: string;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly revocation?: Revocation;
}

export interface IssuedCertificates {
  /** Undefined for what no CA of ours issued. */
  find(fingerprint: Fingerprint): Promise<IssuedCertificate | undefined>;
  /** Under any of these common names as certificates have them, the latest first; a hundred at most. */
  withNames(commonNames: readonly string[]): Promise<readonly IssuedCertificate[]>;
  /** With this serial number (lower-case hex, no zeros in front) from whichever CA. */
  withSerialNumber(serialHex: string): Promise<readonly IssuedCertificate[]>;
  /** Fingerprints of what was issued under any of these common names, the latest first, a hundred of each at most. */
  named(commonNames: readonly string[]): Promise<readonly Fingerprint[]>;
  statusOf(fingerprints: readonly Fingerprint[]): Promise<ReadonlyMap<Fingerprint, CertificateStatus>>;
  /** What the leaf CAs of these branches revoked. */
  revocationsBy(domains: readonly CaDomain[]): OwnRevocations;
}

export interface IssuedCertificatesNeeds {
  readonly store: Store;
  readonly authorities: () => Promise<readonly Authority[]>;
}

export function issuedCertificates({ store, authorities }: IssuedCertificatesNeeds): IssuedCertificates {
  return {
    async find(fingerprint) {
      const [found] = await selectIssued(store.db, { fingerprint });
      return found && issuedFrom(found);
    },

    withNames: async (commonNames) => (await selectIssued(store.db, { commonNames })).map(issuedFrom),

    async withSerialNumber(serialHex) {
      const authorityNames = (await authorities()).map(({ name }) => name);
      return (await selectIssued(store.db, { serialHex, authorityNames })).map(issuedFrom);
    },

    async named(commonNames) {
      const found: string[] = [];
      for (const name of new Set(commonNames)) found.push(...(await selectFingerprintsNamed(store.db, name)));
      return found.map(parseFingerprint);
    },

    statusOf: (fingerprints) => statusOf(store.db, fingerprints),

    revocationsBy: (domains) => ({
      async among(fingerprints) {
        const statuses = await statusOf(store.db, fingerprints);
        return new Map(
          [...statuses].flatMap(([key, status]) => (typeof status === 'string' ? [] : [[key, status.revokedAt]])),
        );
      },
      async page(after, most) {
        const names = (await authorities()).map(({ name }) => name).filter((name) => isLeafCaOf(name, domains));
        const groups: RevokedCertificate[][] = [];
        for (const name of names) groups.push(await selectRevoked(store.db, name, after, most));
        return mergeGroups(groups, ({ position }) => position, 'desc', most);
      },
    }),
  };
}

function issuedFrom(row: Awaited<ReturnType<typeof selectIssued>>[number]): IssuedCertificate {
  const { certificate, authority_name, issued_at, revoked_at } = row;
  return {
    certificate: readCertificate(certificate),
    authorityName: authority_name,
    issuedAt: issued_at,
    ...(revoked_at !== null && { revocation: { revokedAt: revoked_at, reason: reasonOf(row) } }),
  };
}

function isLeafCaOf(authorityName: string, domains: readonly CaDomain[]): boolean {
  const kind = parseAuthorityName(authorityName)?.kind;
  return domains.some((domain) => kind === `${domain}-sub2`);
}

async function selectRevoked(
  db: Db,
  authorityName: string,
  after: Position | undefined,
  most: number,
): Promise<RevokedCertificate[]> {
  const keys = { sort: sql.ref('revoked_at'), id: sql.ref('fingerprint'), group: authorityName } as const;
  const rows = await db
    .selectFrom('issued_certificate')
    .select(['fingerprint', 'revoked_at'])
    .where('authority_name', '=', authorityName)
    .where('revoked_at', 'is not', null)
    .where(behind(after, { ...keys, direction: 'desc' }))
    .orderBy('revoked_at', 'desc')
    .orderBy('fingerprint', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ fingerprint, revoked_at }) => ({
    fingerprint: parseFingerprint(fingerprint),
    position: { sort: revoked_at ?? 0, group: authorityName, id: fingerprint },
  }));
}
