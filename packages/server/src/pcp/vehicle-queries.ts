import type { Pcid } from '@plugpool/iso15118';
import {
  type Edition,
  type Fingerprint,
  parseFingerprint,
  parsePcid,
  readCertificate,
  wmiOf,
} from '@plugpool/iso15118';
import type { Selectable } from 'kysely';
import type { Db, Store, Tx } from '../store/store.ts';
import type { VehicleTable } from '../store/tables.ts';
import type { ProvisionedVehicle, PublishedCertificate, Vehicle } from './vehicle.ts';

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
] as const;

/** The vehicle's entries, the one for ISO 15118-2 first. */
export async function selectVehicles(db: Db, pcid: Pcid): Promise<Vehicle[]> {
  const rows = await db.selectFrom('vehicle').select(columns).where('pcid', '=', pcid).orderBy('edition').execute();
  return rows.map(fromRow);
}

/** Without the chain, which contracts do not need. */
export async function selectProvisioned(db: Db, pcid: Pcid, edition: Edition): Promise<ProvisionedVehicle | undefined> {
  const row = await db
    .selectFrom('vehicle')
    .select(['shown_pcid', 'certificate', 'root_fingerprint', 'v2g_root_key_identifiers'])
    .where('pcid', '=', pcid)
    .where('edition', '=', edition)
    .executeTakeFirst();
  return row === undefined ? undefined : provisionedFrom(row);
}

/** Which certificate is published, without reading it. */
export async function selectFingerprint(db: Db, pcid: Pcid, edition: Edition): Promise<Fingerprint | undefined> {
  const row = await db
    .selectFrom('vehicle')
    .select('fingerprint')
    .where('pcid', '=', pcid)
    .where('edition', '=', edition)
    .executeTakeFirst();
  return row === undefined ? undefined : parseFingerprint(row.fingerprint);
}

/** Holds the vehicle's entries until the end of the transaction; the PCID as shown, undefined without an entry. */
export async function lockVehicle(store: Store, tx: Tx, pcid: Pcid): Promise<string | undefined> {
  const rows = await store
    .forUpdate(tx.selectFrom('vehicle').select('shown_pcid').where('pcid', '=', pcid).orderBy('edition'))
    .execute();
  return rows[0]?.shown_pcid;
}

export async function upsertVehicle(tx: Tx, vehicle: Vehicle): Promise<void> {
  const row = toRow(vehicle);
  await tx
    .insertInto('vehicle')
    .values(row)
    .onConflict((conflict) => conflict.columns(['pcid', 'edition']).doUpdateSet(row))
    .execute();
}

/** The entry for one edition, or all of them. Fingerprints of what was removed. */
export async function deleteVehicle(tx: Tx, pcid: Pcid, edition?: Edition): Promise<string[]> {
  let query = tx.deleteFrom('vehicle').where('pcid', '=', pcid).returning('fingerprint');
  if (edition !== undefined) query = query.where('edition', '=', edition);
  return (await query.execute()).map(({ fingerprint }) => fingerprint);
}

/** Certificates that end in that time, in epoch milliseconds, `until` not included; no more than `most` are counted. */
export async function countEnding(db: Db, since: number, until: number, most: number): Promise<number> {
  const ending = db
    .selectFrom('vehicle')
    .select('valid_to')
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
  if (after !== undefined) {
    const { pcid, edition } = after;
    query = query
      .where('pcid', '>=', pcid)
      .where((where) => where.or([where('pcid', '>', pcid), where('edition', '>', edition)]));
  }
  return (await query.execute()).map((row) => ({
    pcid: parsePcid(row.pcid),
    edition: editionOf(row.edition),
    fingerprint: parseFingerprint(row.fingerprint),
    validTo: row.valid_to,
  }));
}

export async function countVehicles(db: Db, pcid: Pcid): Promise<number> {
  const rows = await db.selectFrom('vehicle').select('edition').where('pcid', '=', pcid).execute();
  return rows.length;
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
  };
}

function fromRow(row: Selectable<VehicleTable>): Vehicle {
  return {
    ...provisionedFrom(row),
    pcid: parsePcid(row.pcid),
    edition: editionOf(row.edition),
    ...(row.sub_ca2 === null ? {} : { subCa2: readCertificate(row.sub_ca2) }),
    subCa1: readCertificate(row.sub_ca1),
    ...(row.previous_pcid === null ? {} : { previousPcid: parsePcid(row.previous_pcid) }),
    publishedAt: row.published_at,
  };
}

function editionOf(text: string): Edition {
  return text === 'ISO15118-20' ? 'ISO15118-20' : 'ISO15118-2';
}

type ProvisionedRow = Pick<
  Selectable<VehicleTable>,
  'shown_pcid' | 'certificate' | 'root_fingerprint' | 'v2g_root_key_identifiers'
>;

function provisionedFrom(row: ProvisionedRow): ProvisionedVehicle {
  return {
    shownPcid: row.shown_pcid,
    certificate: readCertificate(row.certificate),
    rootFingerprint: parseFingerprint(row.root_fingerprint),
    v2gRootKeyIdentifiers: JSON.parse(row.v2g_root_key_identifiers),
  };
}
