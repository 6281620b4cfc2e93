/**
 * Vehicles that a peer publishes and that have contracts here. They are no part of what this pool publishes: whoever
 * fetches or looks one up is answered by its peer. What is kept is what its contracts hang on.
 */
import type { Edition, Pcid } from '@plugpool/iso15118/pki';
import { audit } from '../access/audit-log.ts';
import type { ContractEventType } from '../events/event.ts';
import type { Store, Tx } from '../store/store.ts';
import { type GuestVehicle, sameKey } from './vehicle.ts';
import { lockVehicle } from './vehicle-locks.ts';
import { deleteVehicle, selectProvisioned, selectVehicles, upsertVehicles } from './vehicle-queries.ts';

export interface GuestVehicleNeeds {
  readonly store: Store;
  readonly now: () => number;
  readonly removeContracts: (tx: Tx, pcid: Pcid, why: ContractEventType, edition?: Edition) => Promise<number>;
}

/** Takes in what a peer told, or what has changed of it; leaves alone what is published here. */
export async function admitGuest(tx: Tx, guest: GuestVehicle, needs: GuestVehicleNeeds): Promise<void> {
  const { pcid, edition, certificate } = guest;
  await lockVehicle(needs.store, tx, pcid);
  const before = await selectProvisioned(tx, { pcid, edition });
  if (before !== undefined && before.origin === undefined) return;
  if (before !== undefined && !sameKey(before.certificate, certificate)) {
    await needs.removeContracts(tx, pcid, 'mo.prov.cert.updated', edition);
  }
  await upsertVehicles(tx, [guest]);
  if (before?.certificate.fingerprint === certificate.fingerprint && before.origin === guest.origin) return;
  const change = { operation: 'vehicle.admit', object: pcid, after: certificate.der } as const;
  await audit(tx, needs.now(), [{ ...change, before: before?.certificate.der }]);
}

/** Removes the entries that came from a peer, with their contracts; whether there were any. */
export async function dismissGuest(tx: Tx, pcid: Pcid, origin: string, needs: GuestVehicleNeeds): Promise<boolean> {
  await lockVehicle(needs.store, tx, pcid);
  const guests = (await selectVehicles(tx, pcid)).filter((vehicle) => vehicle.origin === origin);
  for (const { edition } of guests) {
    await needs.removeContracts(tx, pcid, 'mo.prov.cert.deleted', edition);
    await auditRemoval(tx, pcid, await deleteVehicle(tx, pcid, edition), needs.now());
  }
  return guests.length > 0;
}

/** What was published here was depublished; a guest has only left. */
export async function auditRemoval(
  tx: Tx,
  pcid: Pcid,
  removed: readonly { readonly fingerprint: string; readonly origin: string | undefined }[],
  at: number,
): Promise<void> {
  const rows = removed.map(({ fingerprint, origin }) => {
    return {
      operation: origin === undefined ? 'vehicle.depublish' : 'vehicle.dismiss',
      object: pcid,
      before: fingerprint,
    } as const;
  });
  await audit(tx, at, rows);
}
