/** Signed contract data as an operator looks for it: an entry for each EMAID, edition and CPS root. */
import {
  type Edition,
  type Emaid,
  type Fingerprint,
  type Pcid,
  parseEmaid,
  parseFingerprint,
  parsePcid,
} from '@plugpool/iso15118/pki';
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

export interface ListedContract {
  readonly id: string;
  readonly emaid: Emaid;
  /** As the contract certificate's CN shows it. */
  readonly shownEmaid: string;
  readonly pcid: Pcid;
  readonly shownPcid: string;
  readonly edition: Edition;
  readonly isDefault: boolean;
  /** Of the contract certificate. */
  readonly fingerprint: Fingerprint;
  readonly cpsRootFingerprint: Fingerprint;
  readonly cpsRootName: string;
  /** Epoch milliseconds. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly storedAt: number;
}

export type ContractListing = CertificateListing<ListedContract>;

export interface ContractListingNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** By our CAs for eMSPs. */
  readonly revocations: OwnRevocations;
}

export function contractListing({ store, clock, revocations }: ContractListingNeeds): ContractListing {
  return certificateListing(listedContracts(store), revocations, clock);
}

const timeColumns = { entry: 'data.stored_at', begin: 'data.valid_from', end: 'data.valid_to' } as const;

function listedContracts(store: Store): ListedPool<ListedContract> {
  const emaid = store.bytewise('data.emaid');
  const data = () => store.db.selectFrom('signed_contract_data as data');

  const contracts = () =>
    data()
      .innerJoin('contract', 'contract.emaid', 'data.emaid')
      .leftJoin('default_contract as standard', (join) =>
        join
          .onRef('standard.pcid', '=', 'contract.pcid')
          .onRef('standard.edition', '=', 'data.edition')
          .onRef('standard.emaid', '=', 'contract.emaid'),
      )
      .select([
        'data.id',
        'data.emaid',
        'data.shown_emaid',
        'contract.pcid',
        'contract.shown_pcid',
        'data.edition',
        'standard.emaid as standard_emaid',
        'data.contract_fingerprint',
        'data.cps_root_fingerprint',
        'data.cps_root_name',
        'data.valid_from',
        'data.valid_to',
        'data.stored_at',
      ]);

  const inTime = ({ time, ...bounds }: TimeOrder, edition: Edition) => {
    return sql<boolean>`data.edition = ${edition} and ${isWithin(timeColumns[time], bounds)}`;
  };

  const inOrder = (order: TimeOrder, edition: Edition) =>
    data().where(inTime(order, edition)).orderBy(timeColumns[order.time], order.direction);

  return {
    async inTime({ order, edition }, after, most) {
      const column = timeColumns[order.time];
      const { direction } = order;
      const rows = await contracts()
        .where(inTime(order, edition))
        .where(behind(after, { sort: sql.ref(column), id: sql.ref('data.id'), group: edition, direction }))
        .orderBy(column, direction)
        .orderBy('data.id', direction)
        .limit(most)
        .execute();
      return rows.map(listed);
    },
    countInTime: ({ order, edition }, most) => countUpTo(store.db, inOrder(order, edition), most),
    positionInTime: ({ id, edition, storedAt, validFrom, validTo }, { time }) => ({
      sort: { entry: storedAt, begin: validFrom, end: validTo }[time],
      group: edition,
      id,
    }),

    async beginningWith(name, after, most) {
      let query = contracts()
        .where(beginsWith(emaid, name))
        .orderBy(emaid)
        .orderBy('data.edition')
        .orderBy('data.cps_root_fingerprint')
        .limit(most);
      if (after !== undefined) {
        const { sort, group, id } = after;
        query = query.where(sql<boolean>`${emaid} >= ${sort} and (${emaid} > ${sort} or data.edition > ${group}
          or (data.edition = ${group} and data.cps_root_fingerprint > ${id}))`);
      }
      return (await query.execute()).map(listed);
    },
    countBeginningWith: (name, most) => countUpTo(store.db, data().where(beginsWith(emaid, name)).orderBy(emaid), most),
    positionByName: ({ emaid, edition, cpsRootFingerprint }) => ({
      sort: emaid,
      group: edition,
      id: cpsRootFingerprint,
    }),

    async found(by) {
      let query = contracts().limit(MOST_FOUND);
      if ('fingerprint' in by) query = query.where('data.contract_fingerprint', '=', by.fingerprint);
      else if ('pcid' in by) query = query.where('contract.pcid', '=', by.pcid).orderBy('contract.created_at');
      else {
        query = query.where(withSerial('data.contract_certificate', by.serialNumber));
      }
      return (await query.execute()).map(listed);
    },
    async withFingerprints(fingerprints) {
      if (fingerprints.length === 0) return [];
      return (await contracts().where('data.contract_fingerprint', 'in', fingerprints).execute()).map(listed);
    },
  };
}

interface Row {
  readonly id: string;
  readonly emaid: string;
  readonly shown_emaid: string;
  readonly pcid: string;
  readonly shown_pcid: string;
  readonly edition: string;
  readonly standard_emaid: string | null;
  readonly contract_fingerprint: string;
  readonly cps_root_fingerprint: string;
  readonly cps_root_name: string;
  readonly valid_from: number;
  readonly valid_to: number;
  readonly stored_at: number;
}

function listed(row: Row): ListedContract {
  return {
    id: row.id,
    emaid: parseEmaid(row.emaid),
    shownEmaid: row.shown_emaid,
    pcid: parsePcid(row.pcid),
    shownPcid: row.shown_pcid,
    edition: storedEdition(row.edition),
    isDefault: row.standard_emaid !== null,
    fingerprint: parseFingerprint(row.contract_fingerprint),
    cpsRootFingerprint: parseFingerprint(row.cps_root_fingerprint),
    cpsRootName: row.cps_root_name,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    storedAt: row.stored_at,
  };
}
