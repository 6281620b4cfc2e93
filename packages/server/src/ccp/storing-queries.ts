/** The statements that store contracts, each for many at once. */
import { randomUUID } from 'node:crypto';
import {
  type Edition,
  type Emaid,
  formatName,
  type Pcid,
  parseEmaid,
  parsePcid,
  providerIdOf,
} from '@plugpool/iso15118';
import { sql } from 'kysely';
import type { StorableContractData } from '../cps/contract-data.ts';
import { filledUp } from '../store/filled-up.ts';
import type { Db, Tx } from '../store/store.ts';

export interface NewContract {
  readonly emaid: Emaid;
  readonly pcid: Pcid;
  /** As the certificate of the vehicle shows it. */
  readonly shownPcid: string;
}

/**
 * Writes the contracts down unless their EMAIDs are there already; the vehicles that the EMAIDs belong to then. Either
 * way the rows are held until the end of the transaction, so that nobody withdraws them in between. Each EMAID once;
 * sorted, so that two writers of the same contracts wait for each other in one order.
 */
export async function insertContracts(
  tx: Tx,
  contracts: readonly NewContract[],
  createdAt: number,
): Promise<ReadonlyMap<Emaid, Pcid>> {
  if (contracts.length === 0) return new Map();
  const rows = contracts.map(({ emaid, pcid, shownPcid }) => {
    return { emaid, pcid, shown_pcid: shownPcid, provider_id: providerIdOf(emaid), created_at: createdAt };
  });
  const owners = await tx
    .insertInto('contract')
    .values(rows.sort((a, b) => (a.emaid < b.emaid ? -1 : 1)))
    .onConflict((conflict) => conflict.column('emaid').doUpdateSet((row) => ({ pcid: row.ref('contract.pcid') })))
    .returning(['emaid', 'pcid'])
    .execute();
  return new Map(owners.map(({ emaid, pcid }) => [parseEmaid(emaid), parsePcid(pcid)]));
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

/** What is stored before new data is, by EMAID; each of them once. */
export async function selectStoredBefore(
  db: Db,
  contracts: readonly ContractKey[],
): Promise<ReadonlyMap<string, StoredBefore>> {
  const asked = filledUp(contracts).map(({ pcid, emaid, edition }) => {
    return sql`(cast(${pcid} as text), cast(${emaid} as text), cast(${edition} as text))`;
  });
  const { rows } = await sql<{ emaid: string; fingerprint: string | null; any_emaid: string | null }>`
    with asked (pcid, emaid, edition) as (values ${sql.join(asked)})
    select asked.emaid,
      (select contract_fingerprint from signed_contract_data as data
        where data.emaid = asked.emaid and data.edition = asked.edition limit 1) as fingerprint,
      (select contract.emaid from contract join signed_contract_data as data on data.emaid = contract.emaid
        where contract.pcid = asked.pcid and data.edition = asked.edition limit 1) as any_emaid
    from asked`.execute(db);
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

const dataColumns = [
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

/** Stores the data, in place of what is there for the same EMAID, edition and CPS root; each of those once. */
export async function upsertSignedContractData(
  tx: Tx,
  list: readonly StorableContractData[],
  storedAt: number,
): Promise<void> {
  const rows = list.map(({ contractCertificate, cpsRoot, ...data }) => ({
    id: randomUUID(),
    emaid: data.emaid,
    edition: data.edition,
    cps_root_fingerprint: cpsRoot.fingerprint,
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
  await tx
    .insertInto('signed_contract_data')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['emaid', 'edition', 'cps_root_fingerprint'])
        .doUpdateSet((row) => Object.fromEntries(dataColumns.map((column) => [column, row.ref(`excluded.${column}`)]))),
    )
    .execute();
}

/** The vehicles' defaults in an edition; each vehicle and edition once. */
export async function upsertDefaults(
  tx: Tx,
  defaults: readonly { readonly pcid: Pcid; readonly edition: string; readonly emaid: Emaid }[],
): Promise<void> {
  if (defaults.length === 0) return;
  await tx
    .insertInto('default_contract')
    .values(defaults.map(({ pcid, edition, emaid }) => ({ pcid, edition, emaid })))
    .onConflict((conflict) =>
      conflict.columns(['pcid', 'edition']).doUpdateSet((row) => ({ emaid: row.ref('excluded.emaid') })),
    )
    .execute();
}
