import { type Edition, type Emaid, type Pcid, parseEmaid, parseFingerprint, parsePcid } from '@plugpool/iso15118/pki';
import type { Compilable, CompiledQuery } from 'kysely';
import { ownStatusFrom, ownStatusOf } from '../pki/own-status.ts';
import { filledUp } from '../store/filled-up.ts';
import { knownStatement } from '../store/known-statement.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import { storedEdition, storedEditions } from '../store/stored-edition.ts';
import type {
  ContractFilter,
  InstallableContract,
  ListedContract,
  StoredCertificate,
  StoredContract,
} from './stored-contract.ts';
import { upsertDefaults } from './storing-queries.ts';

type ContractKeys = { readonly emaids: readonly Emaid[] } | { readonly pcids: readonly Pcid[] };

/** Entries of EMAIDs or of vehicles, the default contract first, then in the order in which they were stored. */
export async function selectContracts(db: Db, keys: ContractKeys, filter: ContractFilter): Promise<StoredContract[]> {
  const build = (asked: ContractKeys) => selectEntriesOf(db, asked, filter).select('data.installation_res');
  return (await db.executeQuery(entriesStatement(db, 'contracts', keys, filter, build))).rows.map(entryFrom);
}

/** The same of vehicles, each with the status of its certificate. */
export async function selectInstallable(
  db: Db,
  pcids: readonly Pcid[],
  filter: ContractFilter,
): Promise<InstallableContract[]> {
  const build = (asked: ContractKeys) =>
    selectEntriesOf(db, asked, filter).select([
      'data.installation_res',
      ownStatusOf('data.contract_fingerprint').as('own_status'),
    ]);
  const { rows } = await db.executeQuery(entriesStatement(db, 'installable contracts', { pcids }, filter, build));
  return rows.map((row) => ({ ...entryFrom(row), ownStatus: ownStatusFrom(row.own_status) }));
}

/** The same without the responses. */
export async function selectListed(db: Db, keys: ContractKeys, filter: ContractFilter): Promise<ListedContract[]> {
  const build = (asked: ContractKeys) => selectEntriesOf(db, asked, filter);
  return (await db.executeQuery(entriesStatement(db, 'listed contracts', keys, filter, build))).rows.map(listedFrom);
}

function entriesStatement<Row>(
  db: Db,
  what: string,
  keys: ContractKeys,
  { edition, cpsRoot, defaultOnly }: ContractFilter,
  build: (keys: ContractKeys) => Compilable<Row>,
): CompiledQuery<Row> {
  const filled = 'emaids' in keys ? { emaids: filledUp(keys.emaids) } : { pcids: filledUp(keys.pcids) };
  const [by, asked] = 'emaids' in filled ? ['emaids', filled.emaids] : ['pcids', filled.pcids];
  const shape = `${what} by ${asked.length} ${by} ${cpsRoot !== undefined} ${defaultOnly === true}`;
  const parameters = [edition, ...asked, ...(cpsRoot === undefined ? [] : [cpsRoot])];
  return knownStatement(db, shape, parameters, () => build(filled));
}

function selectEntriesOf(db: Db, keys: ContractKeys, filter: ContractFilter) {
  let query = selectEntries(db)
    .where('data.edition', '=', filter.edition)
    .orderBy((select) => select.case().when('standard.emaid', 'is', null).then(select.lit(1)).else(select.lit(0)).end())
    .orderBy('contract.created_at')
    .orderBy('contract.emaid')
    .orderBy('data.stored_at')
    .orderBy('data.cps_root_fingerprint');
  query =
    'emaids' in keys
      ? query.where('contract.emaid', 'in', keys.emaids)
      : query.where('contract.pcid', 'in', keys.pcids);
  if (filter.cpsRoot !== undefined) query = query.where('data.cps_root_fingerprint', '=', filter.cpsRoot);
  return filter.defaultOnly === true ? query.where('standard.emaid', 'is not', null) : query;
}

/** All entries of the pool in the order of their ids, behind the given one. */
export async function selectContractsBehind(
  db: Db,
  after: { readonly id: string } | undefined,
  limit: number,
): Promise<(StoredContract & { readonly id: string })[]> {
  let query = selectEntries(db).select(['data.id', 'data.installation_res']).orderBy('data.id').limit(limit);
  if (after !== undefined) query = query.where('data.id', '>', after.id);
  return (await query.execute()).map((row) => ({ ...entryFrom(row), id: row.id }));
}

function selectEntries(db: Db) {
  return db
    .selectFrom('signed_contract_data as data')
    .innerJoin('contract', 'contract.emaid', 'data.emaid')
    .leftJoin('default_contract as standard', (join) =>
      join
        .onRef('standard.pcid', '=', 'contract.pcid')
        .onRef('standard.edition', '=', 'data.edition')
        .onRef('standard.emaid', '=', 'contract.emaid'),
    )
    .select([
      'data.emaid',
      'data.shown_emaid',
      'contract.pcid',
      'contract.shown_pcid',
      'standard.emaid as standard_emaid',
      'data.edition',
      'data.contract_certificate',
      'data.contract_fingerprint',
      'data.valid_from',
      'data.valid_to',
      'data.cps_root_fingerprint',
      'data.cps_root_name',
      'data.cps_root_serial',
      'data.meta_data',
    ]);
}

type EntryRow = Awaited<ReturnType<ReturnType<typeof selectEntries>['execute']>>[number];

function entryFrom(row: EntryRow & { readonly installation_res: Uint8Array }): StoredContract {
  return { ...listedFrom(row), installationRes: row.installation_res };
}

function listedFrom(row: EntryRow): ListedContract {
  return {
    emaid: parseEmaid(row.emaid),
    shownEmaid: row.shown_emaid,
    pcid: parsePcid(row.pcid),
    shownPcid: row.shown_pcid,
    edition: storedEdition(row.edition),
    isDefault: row.standard_emaid !== null,
    contractCertificate: row.contract_certificate,
    contractFingerprint: parseFingerprint(row.contract_fingerprint),
    validFrom: row.valid_from,
    validTo: row.valid_to,
    cpsRootFingerprint: parseFingerprint(row.cps_root_fingerprint),
    cpsRootName: row.cps_root_name,
    cpsRootSerial: row.cps_root_serial,
    ...(row.meta_data === null ? {} : { metaData: row.meta_data }),
  };
}

/** When the data of an EMAID was stored, by edition and CPS root. */
export async function selectStoringTimes(db: Db, emaid: Emaid): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('signed_contract_data')
    .select(['edition', 'cps_root_fingerprint', 'stored_at'])
    .where('emaid', '=', emaid)
    .execute();
  return new Map(rows.map((row) => [`${row.edition} ${row.cps_root_fingerprint}`, row.stored_at]));
}

/** The vehicle that an EMAID belongs to. */
export async function selectPcidOf(db: Db, emaid: Emaid): Promise<Pcid | undefined> {
  const row = await db.selectFrom('contract').select('pcid').where('emaid', '=', emaid).executeTakeFirst();
  return row === undefined ? undefined : parsePcid(row.pcid);
}

/** What events tell of the contracts of an EMAID or of a vehicle: one entry for each EMAID and edition. */
export async function selectToldContracts(
  db: Db,
  key: { readonly emaid: Emaid } | { readonly pcid: Pcid; readonly edition: Edition | undefined },
): Promise<StoredContract[]> {
  const editions: readonly Edition[] =
    'pcid' in key && key.edition !== undefined ? [key.edition] : ['ISO15118-2', 'ISO15118-20'];
  const contracts: StoredContract[] = [];
  const asked = 'emaid' in key ? { emaids: [key.emaid] } : { pcids: [key.pcid] };
  for (const edition of editions) contracts.push(...(await selectContracts(db, asked, { edition })));
  const first = new Map(contracts.toReversed().map((each) => [`${each.emaid} ${each.edition}`, each]));
  return contracts.filter((each) => first.get(`${each.emaid} ${each.edition}`) === each);
}

/** Removes the contract with all its data. */
export async function deleteContract(tx: Tx, emaid: Emaid): Promise<void> {
  await tx.deleteFrom('contract').where('emaid', '=', emaid).execute();
}

/** Removes the vehicle's data of one edition, or of all; contracts that have no data left go with it. */
export async function deleteContractsOf(tx: Tx, pcid: Pcid, edition: Edition | undefined): Promise<void> {
  const ofVehicle = tx.selectFrom('contract').select('emaid').where('pcid', '=', pcid);
  let data = tx.deleteFrom('signed_contract_data').where('emaid', 'in', ofVehicle);
  if (edition !== undefined) data = data.where('edition', '=', edition);
  await data.execute();
  let defaults = tx.deleteFrom('default_contract').where('pcid', '=', pcid);
  if (edition !== undefined) defaults = defaults.where('edition', '=', edition);
  await defaults.execute();
  await tx
    .deleteFrom('contract')
    .where('pcid', '=', pcid)
    .where('emaid', 'not in', tx.selectFrom('signed_contract_data').select('emaid').where('emaid', 'in', ofVehicle))
    .execute();
}

/** Removes the data of an EMAID in one edition, and the contract if no other is left. */
export async function deleteData(tx: Tx, emaid: Emaid, edition: Edition): Promise<void> {
  await tx.deleteFrom('signed_contract_data').where('emaid', '=', emaid).where('edition', '=', edition).execute();
  await tx.deleteFrom('default_contract').where('emaid', '=', emaid).where('edition', '=', edition).execute();
  const left = tx.selectFrom('signed_contract_data').select('emaid').where('emaid', '=', emaid);
  await tx.deleteFrom('contract').where('emaid', '=', emaid).where('emaid', 'not in', left).execute();
}

/** Holds the contract until the end of the transaction, so that nobody stores or withdraws it. */
export async function lockContract(store: Store, tx: Tx, emaid: Emaid): Promise<void> {
  await store.forUpdate(tx.selectFrom('contract').select('emaid').where('emaid', '=', emaid)).execute();
}

export async function countData(db: Db): Promise<number> {
  const query = db.selectFrom('signed_contract_data').select((select) => select.fn.countAll<number>().as('entries'));
  return Number((await query.executeTakeFirstOrThrow()).entries);
}

/** Data whose contract certificate ends in that time, `until` not included; no more than `most` are counted. */
export async function countEnding(db: Db, since: number, until: number, most: number): Promise<number> {
  const ending = db
    .selectFrom('signed_contract_data')
    .select('valid_to')
    .where('edition', 'in', storedEditions)
    .where('valid_to', '>=', since)
    .where('valid_to', '<', until)
    .limit(most)
    .as('ending');
  const query = db.selectFrom(ending).select((select) => select.fn.countAll<number>().as('entries'));
  return Number((await query.executeTakeFirstOrThrow()).entries);
}

/** In the order of the primary key, behind the given entry. */
export async function selectPage(
  db: Db,
  after: { readonly id: string } | undefined,
  limit: number,
): Promise<StoredCertificate[]> {
  let query = db
    .selectFrom('signed_contract_data')
    .select(['id', 'emaid', 'edition', 'contract_fingerprint', 'valid_to'])
    .orderBy('id')
    .limit(limit);
  if (after !== undefined) query = query.where('id', '>', after.id);
  return (await query.execute()).map((row) => ({
    id: row.id,
    emaid: parseEmaid(row.emaid),
    edition: storedEdition(row.edition),
    fingerprint: parseFingerprint(row.contract_fingerprint),
    validTo: row.valid_to,
  }));
}

/** Fingerprints of the contract certificates of an EMAID or of a vehicle. */
export async function selectContractFingerprints(
  db: Db,
  key: { readonly emaid: Emaid } | { readonly pcid: Pcid; readonly edition: Edition | undefined },
): Promise<string[]> {
  let query = db
    .selectFrom('signed_contract_data as data')
    .innerJoin('contract', 'contract.emaid', 'data.emaid')
    .select('data.contract_fingerprint')
    .distinct();
  if ('emaid' in key) query = query.where('contract.emaid', '=', key.emaid);
  else {
    query = query.where('contract.pcid', '=', key.pcid);
    if (key.edition !== undefined) query = query.where('data.edition', '=', key.edition);
  }
  const rows = await query.execute();
  return rows.map((row) => row.contract_fingerprint);
}

/** Makes the contract the vehicle's default in each edition that it has data of. */
export async function updateDefault(tx: Tx, pcid: Pcid, emaid: Emaid): Promise<void> {
  const rows = await tx
    .selectFrom('signed_contract_data')
    .select('edition')
    .distinct()
    .where('emaid', '=', emaid)
    .execute();
  await upsertDefaults(
    tx,
    rows.map(({ edition }) => ({ pcid, edition, emaid })),
  );
}

/** The default EMAIDs of a vehicle by edition. */
export async function selectDefaults(
  tx: Tx,
  pcid: Pcid,
): Promise<{ readonly edition: string; readonly emaid: string }[]> {
  const query = tx.selectFrom('default_contract').select(['edition', 'emaid']);
  return await query.where('pcid', '=', pcid).orderBy('edition').execute();
}
