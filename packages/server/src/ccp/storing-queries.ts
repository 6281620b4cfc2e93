/** The statements that store contracts, each for many at once. */
import { type Edition, type Emaid, formatName, type Pcid, providerIdOf } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import type { StorableContractData } from '../cps/contract-data.ts';
import { timeOrderedId } from '../kernel/time-ordered-id.ts';
import { filledUp } from '../store/filled-up.ts';
import { knownInsert, knownStatement } from '../store/known-statement.ts';
import { sql } from '../store/query-builder.ts';
import type { Db, Store, Tx } from '../store/store.ts';

export interface NewContract {
  readonly emaid: Emaid;
  readonly pcid: Pcid;
  /** As the certificate of the vehicle shows it. */
  readonly shownPcid: string;
}

const contractColumns = ['emaid', 'pcid', 'shown_pcid', 'provider_id', 'created_at'] as const;

/**
 * The vehicles that the EMAIDs belong to, as far as there are contracts. Held until the end of the transaction, so that
 * nobody withdraws them in between; sorted, so that two writers of the same contracts wait for each other in one order.
 */
export function ownersLock(
  store: Store,
  tx: Tx,
  emaids: readonly Emaid[],
): CompiledQuery<{ readonly emaid: string; readonly pcid: string }> {
  const asked = filledUp(emaids);
  return knownStatement(tx, `held contracts ${asked.length}`, asked, () => {
    const query = tx.selectFrom('contract').select(['emaid', 'pcid']).where('emaid', 'in', asked);
    return store.forUpdate(query.orderBy('emaid'));
  });
}

/**
 * Writes contracts down, each EMAID once; none for no contracts. A unique key refuses those that somebody else has written
 * down since. Sorted, for the same reason.
 */
export function contractInserts(
  tx: Tx,
  contracts: readonly NewContract[],
  createdAt: number,
): CompiledQuery<unknown>[] {
  if (contracts.length === 0) return [];
  const rows = contracts.map(({ emaid, pcid, shownPcid }) => {
    return { emaid, pcid, shown_pcid: shownPcid, provider_id: providerIdOf(emaid), created_at: createdAt };
  });
  rows.sort((a, b) => (a.emaid < b.emaid ? -1 : 1));
  return [knownInsert(tx, 'contract', contractColumns, rows, () => tx.insertInto('contract').values(rows))];
}

export interface StoredBefore {
  /** Whether the vehicle has any data of the edition. */
  readonly any: boolean;
  /** Of the contract certificate that the EMAID has in the edition. */
  readonly fingerprint: string | undefined;
}

interface ContractKey {
  readonly pcid: Pcid;
  readonly emaid: Emaid;
  readonly edition: Edition;
}

interface StoredBeforeRow {
  readonly emaid: string;
  readonly fingerprint: string | null;
  readonly any_emaid: string | null;
}

/** What is stored before new data is; each EMAID once. */
export function storedBeforeSelect(db: Db, contracts: readonly ContractKey[]): CompiledQuery<StoredBeforeRow> {
  const asked = filledUp(contracts);
  const parameters = asked.flatMap(({ pcid, emaid, edition }) => [pcid, emaid, edition]);
  return knownStatement(db, `stored before ${asked.length}`, parameters, () => {
    const keys = asked.map(({ pcid, emaid, edition }) => {
      return sql`(cast(${pcid} as text), cast(${emaid} as text), cast(${edition} as text))`;
    });
    return sql<StoredBeforeRow>`
      with asked (pcid, emaid, edition) as (values ${sql.join(keys)})
      select asked.emaid,
        (select contract_fingerprint from signed_contract_data as data
          where data.emaid = asked.emaid and data.edition = asked.edition limit 1) as fingerprint,
        (select contract.emaid from contract join signed_contract_data as data on data.emaid = contract.emaid
          where contract.pcid = asked.pcid and data.edition = asked.edition limit 1) as any_emaid
      from asked`;
  });
}

/** By EMAID. */
export function storedBefore(rows: readonly StoredBeforeRow[]): ReadonlyMap<string, StoredBefore> {
  return new Map(
    rows.map(({ emaid, fingerprint, any_emaid }) => {
      return [emaid, { any: any_emaid !== null, fingerprint: fingerprint ?? undefined }];
    }),
  );
}

/** Removes the data of an EMAID that carries another certificate than this. */
export async function deleteOtherData(tx: Tx, data: StorableContractData): Promise<void> {
  await tx
    .deleteFrom('signed_contract_data')
    .where('emaid', '=', data.emaid)
    .where('edition', '=', data.edition)
    .where('contract_fingerprint', '<>', data.contractCertificate.fingerprint)
    .execute();
}

const replacedColumns = [
  'id',
  'cps_root_name',
  'cps_root_serial',
  'shown_emaid',
  'contract_certificate',
  'contract_fingerprint',
  'valid_from',
  'valid_to',
  'installation_res',
  'meta_data',
  'stored_at',
] as const;

const dataColumns = ['emaid', 'edition', 'cps_root_fingerprint', ...replacedColumns] as const;

/** Stores the data, in place of what is there for the same EMAID, edition and CPS root; each of those once. */
export function signedContractDataUpsert(
  tx: Tx,
  list: readonly StorableContractData[],
  storedAt: number,
): CompiledQuery<unknown> {
  const rows = list.map(({ contractCertificate, cpsRoot, ...data }) => ({
    emaid: data.emaid,
    edition: data.edition,
    cps_root_fingerprint: cpsRoot.fingerprint,
    id: timeOrderedId(storedAt),
    cps_root_name: formatName(cpsRoot.subject),
    cps_root_serial: cpsRoot.serialHex,
    shown_emaid: data.shownEmaid,
    contract_certificate: contractCertificate.der,
    contract_fingerprint: contractCertificate.fingerprint,
    valid_from: contractCertificate.notBefore,
    valid_to: contractCertificate.notAfter,
    installation_res: data.installationRes,
    meta_data: data.metaData ?? null,
    stored_at: storedAt,
  }));
  return knownInsert(tx, 'signed_contract_data', dataColumns, rows, () =>
    tx
      .insertInto('signed_contract_data')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['emaid', 'edition', 'cps_root_fingerprint'])
          .doUpdateSet((row) =>
            Object.fromEntries(replacedColumns.map((column) => [column, row.ref(`excluded.${column}`)])),
          ),
      ),
  );
}

interface DefaultContract {
  readonly pcid: Pcid;
  readonly edition: string;
  readonly emaid: Emaid;
}

const defaultColumns = ['pcid', 'edition', 'emaid'] as const;

/** The vehicles' defaults in an edition; each vehicle and edition once. */
export async function upsertDefaults(tx: Tx, defaults: readonly DefaultContract[]): Promise<void> {
  for (const statement of defaultUpserts(tx, defaults)) await tx.executeQuery(statement);
}

/** The statement of `upsertDefaults`; none for no defaults. */
export function defaultUpserts(tx: Tx, defaults: readonly DefaultContract[]): CompiledQuery<unknown>[] {
  if (defaults.length === 0) return [];
  const rows = defaults.map(({ pcid, edition, emaid }) => ({ pcid, edition, emaid }));
  const upsert = () =>
    tx
      .insertInto('default_contract')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['pcid', 'edition']).doUpdateSet((row) => ({ emaid: row.ref('excluded.emaid') })),
      );
  return [knownInsert(tx, 'default_contract', defaultColumns, rows, upsert)];
}
