/**
 * What a pool holds, as an operator looks for it: by a name or a number, by edition and by the state of the certificate,
 * page by page. Whatever is asked for, a page looks at a bounded number of rows.
 */
import type { Edition, Fingerprint } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import {
  type CappedCount,
  cappedCount,
  type Direction,
  MOST_COUNTED,
  mergeGroups,
  type Page,
  type Position,
  readPage,
  readPlainPage,
} from './keyset.ts';

export type CertificateState = 'valid' | 'not-yet-valid' | 'expired' | 'revoked';

/** How much is shown of what a fingerprint or a serial number finds: of either there is one, unless somebody erred. */
export const MOST_FOUND = 100;

export type LookedUp =
  /** Upper case; the whole of a name is its longest beginning. */
  | { readonly beginning: string }
  | { readonly fingerprint: Fingerprint }
  /** Hexadecimal. */
  | { readonly serialNumber: string }
  /** Of a vehicle; for vehicles themselves their `beginning` says it. */
  | { readonly pcid: string };

export interface ListingQuery {
  readonly by?: LookedUp | undefined;
  readonly edition?: Edition | undefined;
  readonly state?: CertificateState | undefined;
  /** Valid now, and no longer in so many milliseconds. Goes with no state but `valid`. */
  readonly expiresWithin?: number | undefined;
  readonly after?: Position | undefined;
  readonly limit: number;
}

/** What every entry of a pool has. */
export interface ListedCertificate {
  readonly edition: Edition;
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds, as all times here. */
  readonly validFrom?: number;
  readonly validTo: number;
}

/** Entries by a time: when they came into the pool, or when their certificates begin or end to be valid. */
export interface TimeOrder {
  readonly time: 'entry' | 'begin' | 'end';
  readonly direction: Direction;
  readonly from?: number;
  readonly before?: number;
}

export interface InTime {
  readonly order: TimeOrder;
  readonly edition: Edition;
}

/** The queries of a pool, each with an index of its own. */
export interface ListedPool<T extends ListedCertificate> {
  inTime(of: InTime, after: Position | undefined, most: number): Promise<readonly T[]>;
  countInTime(of: InTime, most: number): Promise<number>;
  positionInTime(entry: T, order: TimeOrder): Position;
  beginningWith(name: string, after: Position | undefined, most: number): Promise<readonly T[]>;
  countBeginningWith(name: string, most: number): Promise<number>;
  positionByName(entry: T): Position;
  /** No more than `MOST_FOUND`. */
  found(by: Exclude<LookedUp, { beginning: string }>): Promise<readonly T[]>;
  withFingerprints(fingerprints: readonly Fingerprint[]): Promise<readonly T[]>;
}

/** What is known of the certificates that our own CAs issued. */
export interface OwnRevocations {
  /** When certificates were revoked; those that were not, or are not ours, are missing. */
  among(fingerprints: readonly Fingerprint[]): Promise<ReadonlyMap<Fingerprint, number>>;
  /** The latest first. */
  page(after: Position | undefined, most: number): Promise<readonly RevokedCertificate[]>;
}

export interface RevokedCertificate {
  readonly fingerprint: Fingerprint;
  readonly position: Position;
}

/** An entry, and when a CA of ours took its certificate back. */
export type WithRevocation<T> = T & { readonly revokedAt?: number };

export interface CertificateListing<T extends ListedCertificate> {
  /** The latest entries first; those of a state by when that begins or ends; those of a beginning by their names. */
  page(query: ListingQuery): Promise<Page<WithRevocation<T>>>;
  /** Undefined where no index tells. */
  count(query: ListingQuery): Promise<CappedCount | undefined>;
}

const editions: readonly Edition[] = ['ISO15118-2', 'ISO15118-20'];

export function certificateListing<T extends ListedCertificate>(
  pool: ListedPool<T>,
  revocations: OwnRevocations,
  clock: Clock,
): CertificateListing<T> {
  async function withRevocations({ items, next }: Page<T>): Promise<Page<WithRevocation<T>>> {
    const revoked = await revocations.among(items.map(({ fingerprint }) => fingerprint));
    const shown = items.map((item): WithRevocation<T> => {
      const revokedAt = revoked.get(item.fingerprint);
      return revokedAt === undefined ? item : { ...item, revokedAt };
    });
    return { items: shown, ...(next && { next }) };
  }

  /** Where the index alone does not tell which entries belong on the page. */
  async function fitting(query: ListingQuery, entries: readonly T[]): Promise<readonly T[]> {
    const now = clock.now();
    const inTime = entries.filter((entry) => fits(query, entry, now));
    if (query.state !== 'valid' && query.state !== 'revoked') return inTime;
    const revoked = await revocations.among(inTime.map(({ fingerprint }) => fingerprint));
    return inTime.filter(({ fingerprint }) => revoked.has(fingerprint) === (query.state === 'revoked'));
  }

  /** From the revocations to the entries: there are few of either beside all that is valid. */
  async function pageOfRevoked(query: ListingQuery): Promise<Page<T>> {
    type Found = RevokedCertificate & { readonly entries: readonly T[] };
    const { items, next } = await readPage<RevokedCertificate, Found>({
      read: (after, most) => revocations.page(after, most),
      positionOf: ({ position }) => position,
      async fitting(revoked) {
        const entries = await pool.withFingerprints(revoked.map(({ fingerprint }) => fingerprint));
        const wanted = entries.filter(({ edition }) => query.edition === undefined || edition === query.edition);
        const byFingerprint = Map.groupBy(wanted, ({ fingerprint }) => fingerprint);
        return revoked.flatMap((each) => {
          const found = byFingerprint.get(each.fingerprint);
          return found === undefined ? [] : [{ ...each, entries: found }];
        });
      },
      after: query.after,
      limit: query.limit,
    });
    return { items: items.flatMap(({ entries }) => entries), ...(next && { next }) };
  }

  async function pageInTime(query: ListingQuery): Promise<Page<T>> {
    const order = timeOrderOf(query, clock.now());
    const positionOf = (entry: T) => pool.positionInTime(entry, order);
    const { after, limit } = query;
    const read = async (behind: Position | undefined, most: number) => {
      const groups: (readonly T[])[] = [];
      for (const edition of editionsOf(query)) groups.push(await pool.inTime({ order, edition }, behind, most));
      return mergeGroups(groups, positionOf, order.direction, most);
    };
    const reading = { read, positionOf, after, limit };
    if (query.state !== 'valid') return await readPlainPage(reading);
    return await readPage<T, T>({ ...reading, fitting: (entries) => fitting(query, entries) });
  }

  async function pageByName(name: string, query: ListingQuery): Promise<Page<T>> {
    const { after, limit } = query;
    const read = (behind: Position | undefined, most: number) => pool.beginningWith(name, behind, most);
    const reading = { read, positionOf: (entry: T) => pool.positionByName(entry), after, limit };
    if (isPlain(query)) return await readPlainPage(reading);
    return await readPage<T, T>({ ...reading, fitting: (entries) => fitting(query, entries) });
  }

  async function pageOf(query: ListingQuery): Promise<Page<T>> {
    const { by, state } = query;
    if (by === undefined) return state === 'revoked' ? await pageOfRevoked(query) : await pageInTime(query);
    if ('beginning' in by) return await pageByName(by.beginning, query);
    return { items: await fitting(query, await pool.found(by)) };
  }

  return {
    page: async (query) => await withRevocations(await pageOf(query)),

    async count(query) {
      const { by, state } = query;
      const most = MOST_COUNTED + 1;
      if (by !== undefined) {
        if (!('beginning' in by) || !isPlain(query)) return undefined;
        return cappedCount([await pool.countBeginningWith(by.beginning, most)]);
      }
      if (state === 'valid' || state === 'revoked') return undefined;
      const order = timeOrderOf(query, clock.now());
      const counts: number[] = [];
      for (const edition of editionsOf(query)) counts.push(await pool.countInTime({ order, edition }, most));
      return cappedCount(counts);
    },
  };
}

function editionsOf({ edition }: ListingQuery): readonly Edition[] {
  return edition === undefined ? editions : [edition];
}

function isPlain({ edition, state, expiresWithin }: ListingQuery): boolean {
  return edition === undefined && state === undefined && expiresWithin === undefined;
}

function timeOrderOf({ state, expiresWithin }: ListingQuery, now: number): TimeOrder {
  if (expiresWithin !== undefined) {
    return { time: 'end', direction: 'asc', from: now, before: now + expiresWithin };
  }
  if (state === 'valid') return { time: 'end', direction: 'asc', from: now };
  if (state === 'expired') return { time: 'end', direction: 'desc', before: now };
  if (state === 'not-yet-valid') return { time: 'begin', direction: 'asc', from: now + 1 };
  return { time: 'entry', direction: 'desc' };
}

/** All but revocation. */
function fits({ edition, state, expiresWithin }: ListingQuery, entry: ListedCertificate, now: number): boolean {
  const { validFrom = now, validTo } = entry;
  if (edition !== undefined && entry.edition !== edition) return false;
  if (expiresWithin !== undefined && !(now <= validTo && validTo < now + expiresWithin)) return false;
  if (state === 'valid') return validFrom <= now && now <= validTo;
  if (state === 'expired') return validTo < now;
  if (state === 'not-yet-valid') return now < validFrom;
  return true;
}
