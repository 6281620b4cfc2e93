/** The lists of the pools on both databases: every filter page by page against what is there, and what indexes do for it. */
import { parseFingerprint } from '@plugpool/iso15118';
import { describe, expect, test } from 'vitest';
import { contractListing } from '../src/ccp/contract-listing.ts';
import { history } from '../src/history/history.ts';
import type { CertificateListing, ListedCertificate, ListingQuery } from '../src/listing/certificate-listing.ts';
import { vehicleListing } from '../src/pcp/vehicle-listing.ts';
import { issuedCertificates } from '../src/pki/issued-certificates.ts';
import type { Store } from '../src/store/store.ts';
import { pkiOn } from './pki.ts';
import { plansOf } from './query-plans.ts';
import { eachStore } from './stores.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY_MS = 86_400_000;
const clock = { now: () => NOW };
const editions = ['ISO15118-2', 'ISO15118-20'] as const;
const COUNT = 60;

const hex = (number: number) => number.toString(16).padStart(64, '0');
/** A vehicle and a contract have certificates of their own. */
const fingerprintIn = (pool: 'vehicles' | 'contracts', index: number) =>
  parseFingerprint((pool === 'vehicles' ? 'a' : 'b') + hex(index).slice(1));
/** Two headers of four octets, the version, and the serial number. */
const derWith = (serial: number) =>
  Buffer.from(`3082012030820100a003020102020300${(0x8000 + serial).toString(16)}300a06082a8648ce3d040302`, 'hex');

interface Entry extends Omit<ListedCertificate, 'fingerprint'> {
  readonly index: number;
  readonly name: string;
  readonly entered: number;
  readonly revoked: boolean;
}

type Listings = Record<'vehicles' | 'contracts', CertificateListing<ListedCertificate & { readonly pcid: string }>>;

/** Times repeat, as those of bulk imports do. */
const entries: readonly Entry[] = Array.from({ length: COUNT }, (_, index) => ({
  index,
  name: `${index % 3 === 0 ? 'WVW' : 'WMI'}${String(index).padStart(14, '0')}`,
  edition: editions[index % 4 === 0 ? 1 : 0] ?? 'ISO15118-2',
  validFrom: index % 10 === 9 ? NOW + DAY_MS * (1 + (index % 20)) : NOW - 100 * DAY_MS,
  validTo: NOW + (Math.floor(index / 4) - 5) * 10 * DAY_MS + (index % 10 === 9 ? 1000 * DAY_MS : 0),
  entered: NOW - Math.floor(index / 7) * 1000,
  revoked: index % 6 === 2,
}));

describe.each(eachStore())('lists of the pools on $kind', ({ open }) => {
  async function filled() {
    const store = await open();
    const { pki } = pkiOn(store, () => NOW);
    await pki.ensureDemoAuthorities();
    for (const entry of entries) await insert(store, entry);
    return { store, ...listingsOn(store) };
  }

  function listingsOn(store: Store) {
    const { pki } = pkiOn(store, () => NOW);
    const issued = issuedCertificates({ store, authorities: () => pki.authorities() });
    return {
      vehicles: vehicleListing({ store, clock, revocations: issued.revocationsBy(['oem', 'veh']) }),
      contracts: contractListing({ store, clock, revocations: issued.revocationsBy(['mo']) }),
    };
  }

  type Filter = readonly [string, Omit<ListingQuery, 'limit' | 'after'>, (entry: Entry) => boolean];
  const filtersOf = (pool: 'vehicles' | 'contracts'): readonly Filter[] => [
    ['all', {}, () => true],
    ['one edition', { edition: 'ISO15118-20' }, ({ edition }) => edition === 'ISO15118-20'],
    ['valid', { state: 'valid' }, (entry) => isValid(entry) && !entry.revoked],
    [
      'valid, of one edition',
      { state: 'valid', edition: 'ISO15118-20' },
      (entry) => entry.edition === 'ISO15118-20' && isValid(entry) && !entry.revoked,
    ],
    ['expired', { state: 'expired' }, ({ validTo }) => validTo < NOW],
    ['revoked', { state: 'revoked' }, ({ revoked }) => revoked],
    [
      'revoked, of one edition',
      { state: 'revoked', edition: 'ISO15118-2' },
      ({ revoked, edition }) => revoked && edition === 'ISO15118-2',
    ],
    ['expiring', { expiresWithin: 30 * DAY_MS }, ({ validTo }) => NOW <= validTo && validTo < NOW + 30 * DAY_MS],
    ['a make', { by: { beginning: 'WVW' } }, ({ name }) => name.startsWith('WVW')],
    [
      'a make, revoked',
      { by: { beginning: 'WVW' }, state: 'revoked' },
      ({ name, revoked }) => name.startsWith('WVW') && revoked,
    ],
    [
      'a make, valid, of one edition',
      { by: { beginning: 'WMI' }, state: 'valid', edition: 'ISO15118-2' },
      (entry) => entry.name.startsWith('WMI') && entry.edition === 'ISO15118-2' && isValid(entry) && !entry.revoked,
    ],
    ['a fingerprint', { by: { fingerprint: fingerprintIn(pool, 7) } }, ({ index }) => index === 7],
    ['a serial number', { by: { serialNumber: '8007' } }, ({ index }) => index === 7],
    ['a serial number that nothing has', { by: { serialNumber: '80' } }, () => false],
  ];

  test.each(['vehicles', 'contracts'] as const)(
    'ok/%s: the pages of every filter are what is there, once each',
    async (pool) => {
      const { [pool]: listing }: Listings = await filled();
      for (const [name, query, isIn] of filtersOf(pool)) {
        // A vehicle is published while its certificate is valid: there is no beginning to look at.
        const wanted = entries.map((entry) => (pool === 'vehicles' ? { ...entry, validFrom: 0 } : entry)).filter(isIn);
        const found = await allPages(listing, query, 7);
        expect(found.map(({ pcid }) => pcid).sort(), name).toEqual(wanted.map((entry) => entry.name).sort());
        const count = await listing.count({ ...query, limit: 1 });
        if (count !== undefined) expect(count, name).toEqual({ rows: wanted.length, atLeast: false });
      }
      const [revoked] = (await listing.page({ by: { fingerprint: fingerprintIn(pool, 2) }, limit: 1 })).items;
      expect(revoked).toMatchObject({ revokedAt: NOW - 2 });
    },
  );

  test('ok/contracts that are not valid yet, those that begin first before others', async () => {
    const { contracts, vehicles } = await filled();
    const found = await allPages(contracts, { state: 'not-yet-valid' }, 2);
    expect(found).toHaveLength(6);
    expect(found.map(({ validFrom = 0 }) => validFrom)).toEqual(found.map(({ validFrom = 0 }) => validFrom).sort());
    expect(await allPages(vehicles, { state: 'not-yet-valid' }, 2)).toEqual([]);
  });

  test('ok/the latest come first, what expires first before others, and what expired last', async () => {
    const { vehicles } = await filled();
    const latest = await allPages(vehicles, {}, 9);
    expect(latest.map(({ publishedAt }) => publishedAt)).toEqual(entries.map(({ entered }) => entered));
    const expiring = (await allPages(vehicles, { state: 'valid' }, 9)).map(({ validTo }) => validTo);
    expect(expiring).toEqual(expiring.toSorted((a, b) => a - b));
    const expired = (await allPages(vehicles, { state: 'expired' }, 9)).map(({ validTo }) => validTo);
    expect(expired).toEqual(expired.toSorted((a, b) => b - a));
  });

  test('ok/whatever is asked for, an index leads there: no table is read whole, and no list is sorted', async () => {
    const { store } = await filled();
    for (const pool of ['vehicles', 'contracts'] as const) {
      for (const [name, query] of [
        ...filtersOf(pool),
        ['by vehicle', { by: { pcid: 'WMI00000000000001' } }] as const,
      ]) {
        const position = { sort: 'beginning' in (query.by ?? {}) ? 'WVW' : NOW, group: 'ISO15118-2', id: 'A' };
        const plans = await plansOf(store, async (watched) => {
          const listing = listingsOn(watched)[pool];
          await listing.page({ ...query, limit: 5 });
          await listing.page({ ...query, limit: 5, after: position });
          await listing.count({ ...query, limit: 5 });
        });
        const ofPool = plans.filter(({ statement }) => !/"authority"/.test(statement));
        expect(ofPool.length).toBeGreaterThan(1);
        for (const { statement, plan } of ofPool) expectIndexed(store.kind, plan, `${pool}, ${name}: ${statement}`);
      }
    }
  });

  test('ok/a history is read by indexes as well', async () => {
    const { store } = await filled();
    const plans = await plansOf(store, async (watched) => {
      for (const events of [{ object: 'DE8AA' }, { pcid: 'WMI' }]) {
        const after = { sort: NOW, group: 'told', id: 'x' };
        await history({ store: watched }).page({ objects: ['a', 'b'], events, limit: 5 });
        await history({ store: watched }).page({ objects: ['a'], events, after, limit: 5 });
      }
    });
    expect(plans).toHaveLength(10);
    for (const { statement, plan } of plans) expectIndexed(store.kind, plan, statement);
  });
});

/** A handful of rows of a fingerprint or a vehicle may be sorted; a range may not. */
function expectIndexed(kind: Store['kind'], plan: string, what: string): void {
  const isLookUp = /"(?:contract_)?fingerprint" (?:=|in)|substr|"pcid" = /.test(what);
  if (kind === 'sqlite') {
    expect(plan, what).toMatch(/SEARCH \w+ USING/);
    expect(plan.replaceAll(/SCAN (?:counted|CONSTANT ROW)/g, ''), what).not.toMatch(/SCAN/);
    if (!isLookUp) expect(plan, what).not.toMatch(/TEMP B-TREE/);
  } else {
    expect(plan, what).toMatch(/Index (?:Only )?Scan|One-Time Filter: false/);
    expect(plan, what).not.toMatch(/Seq Scan/);
    if (!isLookUp) expect(plan, what).not.toMatch(/(?<!Incremental )Sort/);
  }
}

function isValid({ validFrom = 0, validTo }: Entry): boolean {
  return validFrom <= NOW && NOW <= validTo;
}

async function allPages<T extends ListedCertificate>(
  listing: CertificateListing<T>,
  query: Omit<ListingQuery, 'limit' | 'after'>,
  limit: number,
): Promise<T[]> {
  const found: T[] = [];
  for (let after: ListingQuery['after'], pages = 0; ; pages++) {
    const page = await listing.page({ ...query, limit, after });
    found.push(...page.items);
    if (page.next === undefined) return found;
    expect(pages).toBeLessThan(COUNT);
    after = page.next;
  }
}

async function insert({ db }: Store, entry: Entry): Promise<void> {
  const { index, name, edition, validFrom = 0, validTo, entered, revoked } = entry;
  const certificate = derWith(index);
  await db
    .insertInto('vehicle')
    .values({
      ...{ pcid: name, shown_pcid: name, edition, wmi: name.slice(0, 3), certificate, sub_ca1: certificate },
      ...{ fingerprint: fingerprintIn('vehicles', index), root_fingerprint: hex(0), v2g_root_key_identifiers: '[]' },
      ...{ valid_to: validTo, published_at: entered },
    })
    .execute();
  await db
    .insertInto('contract')
    .values({ emaid: name, pcid: name, shown_pcid: name, provider_id: name.slice(0, 5), created_at: entered })
    .execute();
  await db
    .insertInto('signed_contract_data')
    .values({
      ...{ id: hex(1000 - index), emaid: name, edition, cps_root_fingerprint: hex(0), cps_root_name: 'CN=V2G' },
      ...{ cps_root_serial: '01', shown_emaid: name, contract_certificate: certificate },
      ...{ contract_fingerprint: fingerprintIn('contracts', index), valid_from: validFrom, valid_to: validTo },
      ...{ installation_res: certificate, stored_at: entered },
    })
    .execute();
  if (!revoked) return;
  const revocations = [
    ['oem-sub2', fingerprintIn('vehicles', index)],
    ['mo-sub2', fingerprintIn('contracts', index)],
    ['mo-sub2', hex(index)],
  ] as const;
  for (const [authority_name, fingerprint] of revocations) {
    await db
      .insertInto('issued_certificate')
      .values({
        ...{ fingerprint, authority_name, serial_hex: fingerprint, common_name: name, certificate },
        ...{ not_before: validFrom, not_after: validTo, issued_at: entered },
        ...{ revoked_at: NOW - index, revocation_reason: 'superseded' },
      })
      .execute();
  }
}
