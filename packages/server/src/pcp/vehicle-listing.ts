/** The vehicles of the pool as an operator looks for them. */
import { type Edition, type Fingerprint, type Pcid, parseFingerprint, parsePcid } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import {
  type CertificateListing,
  certificateListing,
  type ListedPool,
  MOST_FOUND,
  type OwnRevocations,
  type TimeOrder,
} from '../listing/certificate-listing.ts';
import { beginsWith, behind, countUpTo, isWithin, withSerial } from '../listing/keyset.ts';
import { sql } from '../store/query-builder.ts';
import type { Store } from '../store/store.ts';
import { storedEdition } from '../store/stored-edition.ts';

/** One entry of the pool: a vehicle in one edition. */
export interface ListedVehicle {
  readonly pcid: Pcid;
  /** As the certificate's CN shows it. */
  readonly shownPcid: string;
  readonly edition: Edition;
  readonly fingerprint: Fingerprint;
  /** Epoch milliseconds. */
  readonly validTo: number;
  readonly publishedAt: number;
}

export type VehicleListing = CertificateListing<ListedVehicle>;

export interface VehicleListingNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** By our CAs for OEMs. */
  readonly revocations: OwnRevocations;
}

export function vehicleListing({ store, clock, revocations }: VehicleListingNeeds): VehicleListing {
  return certificateListing(listedVehicles(store), revocations, clock);
}

const columns = ['pcid', 'shown_pcid', 'edition', 'fingerprint', 'valid_to', 'published_at'] as const;

const timeColumns = { entry: 'published_at', begin: 'valid_to', end: 'valid_to' } as const;

function listedVehicles(store: Store): ListedPool<ListedVehicle> {
  const pcid = store.bytewise('pcid');
  const vehicles = () => store.db.selectFrom('vehicle').select(columns);

  const inTime = ({ time, ...bounds }: TimeOrder, edition: Edition) => {
    // Only a valid certificate is published: there is none whose validity is to begin.
    if (time === 'begin') return sql<boolean>`1 = 0`;
    return sql<boolean>`edition = ${edition} and ${isWithin(timeColumns[time], bounds)}`;
  };

  const inOrder = (order: TimeOrder, edition: Edition) =>
    store.db.selectFrom('vehicle').where(inTime(order, edition)).orderBy(timeColumns[order.time], order.direction);

  return {
    async inTime({ order, edition }, after, most) {
      const column = timeColumns[order.time];
      const { direction } = order;
      const rows = await vehicles()
        .where(inTime(order, edition))
        .where(behind(after, { sort: sql.ref(column), id: sql.ref('pcid'), group: edition, direction }))
        .orderBy(column, direction)
        .orderBy('pcid', direction)
        .limit(most)
        .execute();
      return rows.map(listed);
    },
    countInTime: ({ order, edition }, most) => countUpTo(store.db, inOrder(order, edition), most),
    positionInTime: ({ pcid, edition, validTo, publishedAt }, { time }) => ({
      sort: time === 'entry' ? publishedAt : validTo,
      group: edition,
      id: pcid,
    }),

    async beginningWith(name, after, most) {
      let query = vehicles().where(beginsWith(pcid, name)).orderBy(pcid).orderBy('edition').limit(most);
      if (after !== undefined) {
        const { sort, id } = after;
        query = query.where(sql<boolean>`${pcid} >= ${sort} and (${pcid} > ${sort} or edition > ${id})`);
      }
      return (await query.execute()).map(listed);
    },
    countBeginningWith: (name, most) =>
      countUpTo(store.db, store.db.selectFrom('vehicle').where(beginsWith(pcid, name)).orderBy(pcid), most),
    positionByName: ({ pcid, edition }) => ({ sort: pcid, group: '', id: edition }),

    async found(by) {
      let query = vehicles().limit(MOST_FOUND);
      if ('fingerprint' in by) query = query.where('fingerprint', '=', by.fingerprint);
      else if ('pcid' in by) query = query.where('pcid', '=', by.pcid).orderBy('edition');
      else {
        query = query.where(withSerial('certificate', by.serialNumber));
      }
      return (await query.execute()).map(listed);
    },
    async withFingerprints(fingerprints) {
      if (fingerprints.length === 0) return [];
      return (await vehicles().where('fingerprint', 'in', fingerprints).execute()).map(listed);
    },
  };
}

interface Row {
  readonly pcid: string;
  readonly shown_pcid: string;
  readonly edition: string;
  readonly fingerprint: string;
  readonly valid_to: number;
  readonly published_at: number;
}

function listed(row: Row): ListedVehicle {
  return {
    pcid: parsePcid(row.pcid),
    shownPcid: row.shown_pcid,
    edition: storedEdition(row.edition),
    fingerprint: parseFingerprint(row.fingerprint),
    validTo: row.valid_to,
    publishedAt: row.published_at,
  };
}
