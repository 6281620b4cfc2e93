import {
  type Edition,
  type Pcid,
  parseFingerprint,
  parsePcid,
  readCertificate,
  readHolder,
  wmiOf,
} from '@plugpool/iso15118/pki';
import type { ExpressionBuilder, Selectable } from 'kysely';
import { ownStatusFrom, ownStatusOf } from '../pki/own-status.ts';
import { filledUp } from '../store/filled-up.ts';
import { knownStatement } from '../store/known-statement.ts';
import { sql } from '../store/query-builder.ts';
import type { Db, Tx } from '../store/store.ts';
import { storedEdition, storedEditions } from '../store/stored-edition.ts';
import type { Tables, VehicleTable } from '../store/tables.ts';
import type { VehicleToPublish } from './provisioning-certificate-pool.ts';
import type { CertificateOfVehicle, ProvisionedVehicle, PublishedCertificate, Vehicle } from './vehicle.ts';

const columns = [
  'pcid',
  'shown_pcid',
  'edition',
  'wmi',
  'certificate',
  'sub_ca2',
  'sub_ca1',
  'fingerprint',
  'root_fingerprint',
  'v2g_root_key_identifiers',
  'previous_pcid',
  'valid_to',
  'published_at',
  'origin',
] as const;

/** The vehicle's entries, the one for ISO 15118-2 first. */
export async function selectVehicles(db: Db, pcid: Pcid): Promise<Vehicle[]> {
  const rows = await db.selectFrom('vehicle').select(columns).where('pcid', '=', pcid).orderBy('edition').execute();
  return rows.map(fromRow);
}

export interface VehicleKey {
  readonly pcid: Pcid;
  readonly edition: Edition;
}

const provisionedColumns = [
  'pcid',
  'edition',
  'shown_pcid',
  'certificate',
  'root_fingerprint',
  'v2g_root_key_identifiers',
  'origin',
] as const;

/** Without the chain, which contracts do not need. */
export async function selectProvisioned(db: Db, key: VehicleKey): Promise<ProvisionedVehicle | undefined> {
  return (await selectAllProvisioned(db, [key]))[0];
}

/** The same of several vehicles, in their order. */
export async function selectAllProvisioned(
  db: Db,
  keys: readonly VehicleKey[],
): Promise<(ProvisionedVehicle | undefined)[]> {
  const pcids = filledUp(keys.map(({ pcid }) => pcid));
  const { rows } = await db.executeQuery(
    knownStatement(db, `provisioned vehicles ${pcids.length}`, pcids, () =>
      db.selectFrom('vehicle').select(provisionedColumns).where('pcid', 'in', pcids),
    ),
  );
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => {
    const row = found.get(keyOf(key));
    // It was read in full when it was published.
    return row && provisionedFrom(row, readHolder(row.certificate));
  });
}

/** Which certificates are published for the vehicles, in their order, without reading them. */
export async function selectPublished(
  db: Db,
  keys: readonly VehicleKey[],
): Promise<(CertificateOfVehicle | undefined)[]> {
  const pcids = filledUp(keys.map(({ pcid }) => pcid));
  const { rows } = await db.executeQuery(
    knownStatement(db, `published certificates ${pcids.length}`, pcids, () =>
      db
        .selectFrom('vehicle')
        .select(['pcid', 'edition', 'fingerprint', ownStatusOf('vehicle.fingerprint').as('own_status')])
        .where('pcid', 'in', pcids),
    ),
  );
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => {
    const row = found.get(keyOf(key));
    return row && { fingerprint: parseFingerprint(row.fingerprint), ownStatus: ownStatusFrom(row.own_status) };
  });
}

/** Each of them once. Sorted, so that two writers of the same vehicles wait for each other in one order. */
export async function upsertVehicles(tx: Tx, vehicles: readonly Vehicle[]): Promise<void> {
  const rows = vehicles.map(toRow).sort((a, b) => (a.pcid < b.pcid ? -1 : a.pcid > b.pcid ? 1 : 0));
  await tx
    .insertInto('vehicle')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['pcid', 'edition'])
        .doUpdateSet((row) => Object.fromEntries(columns.map((column) => [column, row.ref(`excluded.${column}`)]))),
    )
    .execute();
}

/** Names an entry of the pool, whether as the pool knows it or as it stands in a row. */
export function keyOf({ pcid, edition }: Record<keyof VehicleKey, string>): string {
  return `${pcid} ${edition}`;
}

/** Those of the vehicles that are in the pool just as they are given here, by `keyOf`. */
export async function selectUnchanged(
  db: Db,
  vehicles: readonly (VehicleKey & VehicleToPublish)[],
): Promise<ReadonlySet<string>> {
  if (vehicles.length === 0) return new Set();
  const rows = await selectEntries(db, vehicles)
    .select(['vehicle.pcid', 'vehicle.edition', 'fingerprint', 'sub_ca2', 'sub_ca1'])
    .select(['v2g_root_key_identifiers', 'previous_pcid'])
    .where('origin', 'is', null)
    .execute();
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const unchanged = vehicles.filter((vehicle) => {
    const row = known.get(keyOf(vehicle));
    return (
      row !== undefined &&
      row.fingerprint === vehicle.certificate.fingerprint &&
      Buffer.compare(row.sub_ca1, vehicle.subCa1.der) === 0 &&
      Buffer.compare(row.sub_ca2 ?? NOTHING, vehicle.subCa2?.der ?? NOTHING) === 0 &&
      row.v2g_root_key_identifiers === JSON.stringify(vehicle.v2gRootKeyIdentifiers ?? []) &&
      row.previous_pcid === (vehicle.previousPcid ?? null)
    );
  });
  return new Set(unchanged.map(keyOf));
}

const NOTHING = new Uint8Array();

/**
 * The entries with these keys, each of them once. Not by a list of PCIDs: while PostgreSQL has no statistics of the table, as
 * in the first minute of an import or after a restore, it takes a PCID for that of many rows and reads the whole table. And
 * not by an inner join: SQLite would look up each of its vehicles among the keys. A cross join it takes in the order given.
 */
export function selectEntries(db: Db, keys: readonly VehicleKey[]) {
  const asked = keys.map(({ pcid, edition }) => sql`(cast(${pcid} as text), cast(${edition} as text))`);
  return db
    .with('asked(pcid, edition)', () => sql<{ pcid: string; edition: string }>`(values ${sql.join(asked)})`)
    .selectFrom('asked')
    .crossJoin('vehicle')
    .whereRef('vehicle.pcid', '=', 'asked.pcid')
    .whereRef('vehicle.edition', '=', 'asked.edition');
}

/** The entry for one edition, or all of them. What was removed, and which peers it had come from. */
export async function deleteVehicle(tx: Tx, pcid: Pcid, edition?: Edition) {
  let query = tx.deleteFrom('vehicle').where('pcid', '=', pcid).returning(['fingerprint', 'origin']);
  if (edition !== undefined) query = query.where('edition', '=', edition);
  return (await query.execute()).map(({ fingerprint, origin }) => ({ fingerprint, origin: origin ?? undefined }));
}

/** Certificates that end in that time, in epoch milliseconds, `until` not included; no more than `most` are counted. */
export async function countEnding(db: Db, since: number, until: number, most: number): Promise<number> {
  const ending = db
    .selectFrom('vehicle')
    .select('valid_to')
    .where('edition', 'in', storedEditions)
    .where('valid_to', '>=', since)
    .where('valid_to', '<', until)
    .limit(most)
    .as('ending');
  const { entries } = await db
    .selectFrom(ending)
    .select((select) => select.fn.countAll<number>().as('entries'))
    .executeTakeFirstOrThrow();
  return Number(entries);
}

/** Of all vehicles. */
export async function countEntries(db: Db): Promise<number> {
  const query = db.selectFrom('vehicle').select((select) => select.fn.countAll<number>().as('entries'));
  return Number((await query.executeTakeFirstOrThrow()).entries);
}

/** What is published here, in the order of the primary key, behind the given entry. */
export async function selectVehiclesBehind(db: Db, after: VehicleKey | undefined, limit: number): Promise<Vehicle[]> {
  let query = db.selectFrom('vehicle').select(columns).where('origin', 'is', null);
  query = query.orderBy('pcid').orderBy('edition').limit(limit);
  if (after !== undefined) query = query.where(isBehind(after));
  return (await query.execute()).map(fromRow);
}

/** In the order of the primary key, behind the given entry. */
export async function selectPage(
  db: Db,
  after: PublishedCertificate | undefined,
  limit: number,
): Promise<PublishedCertificate[]> {
  let query = db
    .selectFrom('vehicle')
    .select(['pcid', 'edition', 'fingerprint', 'valid_to'])
    .orderBy('pcid')
    .orderBy('edition')
    .limit(limit);
  if (after !== undefined) query = query.where(isBehind(after));
  return (await query.execute()).map((row) => ({
    pcid: parsePcid(row.pcid),
    edition: storedEdition(row.edition),
    fingerprint: parseFingerprint(row.fingerprint),
    validTo: row.valid_to,
  }));
}

function isBehind({ pcid, edition }: VehicleKey) {
  return (where: ExpressionBuilder<Tables, 'vehicle'>) =>
    where.and([where('pcid', '>=', pcid), where.or([where('pcid', '>', pcid), where('edition', '>', edition)])]);
}

/** For each edition of a vehicle, whether it is published here or by a peer. */
export async function selectOrigins(db: Db, pcid: Pcid): Promise<(string | undefined)[]> {
  const rows = await db.selectFrom('vehicle').select('origin').where('pcid', '=', pcid).execute();
  return rows.map(({ origin }) => origin ?? undefined);
}

function toRow(vehicle: Vehicle): Selectable<VehicleTable> {
  return {
    pcid: vehicle.pcid,
    shown_pcid: vehicle.shownPcid,
    edition: vehicle.edition,
    wmi: wmiOf(vehicle.pcid),
    certificate: vehicle.certificate.der,
    sub_ca2: vehicle.subCa2?.der ?? null,
    sub_ca1: vehicle.subCa1.der,
    fingerprint: vehicle.certificate.fingerprint,
    root_fingerprint: vehicle.rootFingerprint,
    v2g_root_key_identifiers: JSON.stringify(vehicle.v2gRootKeyIdentifiers),
    previous_pcid: vehicle.previousPcid ?? null,
    valid_to: vehicle.certificate.notAfter,
    published_at: vehicle.publishedAt,
    origin: vehicle.origin ?? null,
  };
}

function fromRow(row: Selectable<VehicleTable>): Vehicle {
  return {
    ...provisionedFrom(row, readCertificate(row.certificate)),
    pcid: parsePcid(row.pcid),
    edition: storedEdition(row.edition),
    ...(row.sub_ca2 === null ? {} : { subCa2: readCertificate(row.sub_ca2) }),
    subCa1: readCertificate(row.sub_ca1),
    ...(row.previous_pcid === null ? {} : { previousPcid: parsePcid(row.previous_pcid) }),
    publishedAt: row.published_at,
  };
}

type ProvisionedRow = Pick<
  Selectable<VehicleTable>,
  'shown_pcid' | 'root_fingerprint' | 'v2g_root_key_identifiers' | 'origin'
>;

function provisionedFrom<C extends ProvisionedVehicle['certificate']>(row: ProvisionedRow, certificate: C) {
  return {
    shownPcid: row.shown_pcid,
    certificate,
    rootFingerprint: parseFingerprint(row.root_fingerprint),
    v2gRootKeyIdentifiers: JSON.parse(row.v2g_root_key_identifiers),
    ...(row.origin !== null && { origin: row.origin }),
  };
}
