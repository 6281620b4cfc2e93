/** Entries of vehicles that nobody else changes until the end of a transaction. */
import { type Certificate, type Pcid, parseFingerprint, parsePcid, readCertificate } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import { filledUp } from '../store/filled-up.ts';
import { knownStatement } from '../store/known-statement.ts';
import type { Store, Tx } from '../store/store.ts';
import { storedEdition } from '../store/stored-edition.ts';
import type { HeldVehicle, HeldVehicleRow } from './vehicle.ts';
import { keyOf, selectEntries, type VehicleKey } from './vehicle-queries.ts';

/** Holds the vehicle's entries; undefined without an entry. */
export async function lockVehicle(store: Store, tx: Tx, pcid: Pcid): Promise<HeldVehicle | undefined> {
  const { rows } = await tx.executeQuery(vehiclesLock(store, tx, [pcid]));
  return vehiclesIn(rows).get(pcid);
}

/** The statement for several vehicles. In their order, so that two who hold the same ones wait for each other in one order. */
export function vehiclesLock(store: Store, tx: Tx, pcids: readonly Pcid[]): CompiledQuery<HeldVehicleRow> {
  const asked = filledUp(pcids);
  return knownStatement(tx, `held vehicles ${asked.length}`, asked, () => {
    const query = tx.selectFrom('vehicle').select(['pcid', 'shown_pcid', 'edition', 'fingerprint']);
    return store.forUpdate(query.where('pcid', 'in', asked).orderBy('pcid').orderBy('edition'));
  });
}

export function vehiclesIn(rows: readonly HeldVehicleRow[]): ReadonlyMap<Pcid, HeldVehicle> {
  const entries = Map.groupBy(rows, ({ pcid }) => parsePcid(pcid));
  return new Map(
    [...entries].map(([pcid, list]) => {
      const fingerprints = list.map((row) => [storedEdition(row.edition), parseFingerprint(row.fingerprint)] as const);
      return [pcid, { shownPcid: list[0]?.shown_pcid ?? pcid, fingerprints: new Map(fingerprints) }];
    }),
  );
}

/** An entry that another takes the place of. */
export interface ReplacedEntry {
  readonly certificate: Certificate;
  /** A guest was not published before. */
  readonly isGuest: boolean;
}

/** Holds the entries; they are by `keyOf`, as far as there are any. */
export async function lockEntries(
  store: Store,
  tx: Tx,
  vehicles: readonly VehicleKey[],
): Promise<ReadonlyMap<string, ReplacedEntry>> {
  const query = selectEntries(tx, vehicles).select(['vehicle.pcid', 'vehicle.edition', 'certificate', 'origin']);
  const rows = await store.forUpdate(query.orderBy('vehicle.pcid').orderBy('vehicle.edition')).execute();
  return new Map(
    rows.map(({ pcid, edition, certificate, origin }) => [
      keyOf({ pcid: parsePcid(pcid), edition: storedEdition(edition) }),
      { certificate: readCertificate(certificate), isGuest: origin !== null },
    ]),
  );
}
