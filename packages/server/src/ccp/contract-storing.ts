/**
 * Storing contracts. Those that come at the same time share a transaction, which costs a database about as much as that
 * of one alone; whether one is stored never depends on the others.
 */
import { formatName, type Pcid } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import { type AuditRow, auditRows } from '../access/audit-log.ts';
import type { ContractToStore, StorableContractData, StoreContract } from '../cps/contract-data.ts';
import { contractEvent, type NewEvent } from '../events/event.ts';
import { enabledTypesSelect, type RecordEvents } from '../events/event-log.ts';
import { type Acting, actingAs, whoActs } from '../kernel/acting.ts';
import { askedTogether } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import { DatabaseFull, DatabaseUnavailable } from '../kernel/database-unavailable.ts';
import { refuse } from '../kernel/domain-error.ts';
import { currentSpan, inSpan, type Span } from '../kernel/tracing.ts';
import type { GuestVehicle, HeldVehicle, HoldingVehicles } from '../pcp/vehicle.ts';
import type { IssuedRecord } from '../pki/issued.ts';
import type { Store, Tx } from '../store/store.ts';
import {
  contractInserts,
  defaultUpserts,
  deleteOtherData,
  type NewContract,
  ownersLock,
  type StoredBefore,
  signedContractDataUpsert,
  storedBefore,
  storedBeforeSelect,
} from './storing-queries.ts';

export interface ContractStoringNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly vehicles: HoldingVehicles;
  readonly admitGuest: (tx: Tx, guest: GuestVehicle) => Promise<void>;
  /** Writes certificates down, and the audit rows of theirs and of what they are for. */
  readonly issuedInserts: (
    tx: Tx,
    records: readonly IssuedRecord[],
    others: readonly AuditRow[],
  ) => readonly CompiledQuery<unknown>[];
  readonly record: RecordEvents;
}

const MOST_TOGETHER = 64;

export function contractStoring(needs: ContractStoringNeeds): StoreContract {
  const ask = askedTogether<Asked, Outcome>({
    what: 'contracts to store',
    answer: (asked) => storeEach(asked, needs),
    most: MOST_TOGETHER,
    // So that a transaction that waits for somebody else's vehicle does not keep all others waiting.
    atOnce: needs.store.kind === 'sqlite' ? 1 : 3,
  });
  return async (contract) => {
    const outcome = await ask({ ...contract, acting: whoActs(), span: currentSpan() });
    if (outcome !== STORED) throw outcome.reason;
  };
}

interface Asked extends ContractToStore {
  /** Known where it is asked, and not where it is written. */
  readonly acting: Acting;
  readonly span: Span | undefined;
}

const STORED = 'stored';
type Outcome = typeof STORED | { readonly reason: unknown };

async function storeEach(asked: readonly Asked[], needs: ContractStoringNeeds): Promise<Outcome[]> {
  const outcomes = new Map<Asked, Outcome>();
  for (const group of groupsOf(asked)) {
    for (const [each, outcome] of await storeGroup(group, needs)) outcomes.set(each, outcome);
  }
  return asked.map((each) => outcomes.get(each) ?? { reason: new Error('a contract was in no group') });
}

/** In none of the groups two are about one vehicle or one EMAID. Who brings a guest is alone: both are taken in, or none. */
function groupsOf(asked: readonly Asked[]): (readonly Asked[])[] {
  const alone: Asked[][] = [];
  const groups: { readonly members: Asked[]; readonly names: Set<string> }[] = [];
  for (const each of asked) {
    if (each.guest !== undefined) {
      alone.push([each]);
      continue;
    }
    const names = [`vehicle ${each.data.pcid}`, `contract ${each.data.emaid}`];
    const group = groups.find((other) => !names.some((name) => other.names.has(name)));
    if (group === undefined) groups.push({ members: [each], names: new Set(names) });
    else {
      group.members.push(each);
      for (const name of names) group.names.add(name);
    }
  }
  return [...alone, ...groups.map(({ members }) => members)];
}

const TRIES = 3;

/**
 * One transaction. What the database does not take from one of several is none of the others' business; what it takes from
 * nobody need not be tried by each. Who is second to write an EMAID down finds it there the next time.
 */
async function storeGroup(
  group: readonly Asked[],
  needs: ContractStoringNeeds,
  tries = TRIES,
): Promise<Map<Asked, Outcome>> {
  try {
    return await needs.store.transaction((tx) => storeInside(tx, group, needs));
  } catch (reason) {
    if (group.length === 1 && tries > 1 && needs.store.isUniqueViolation(reason)) {
      return await storeGroup(group, needs, tries - 1);
    }
    const outcomes = new Map<Asked, Outcome>();
    const isOver = group.length === 1 || reason instanceof DatabaseUnavailable || reason instanceof DatabaseFull;
    for (const each of group) {
      if (isOver) outcomes.set(each, { reason });
      else for (const [only, outcome] of await storeGroup([each], needs)) outcomes.set(only, outcome);
    }
    return outcomes;
  }
}

async function storeInside(tx: Tx, group: readonly Asked[], needs: ContractStoringNeeds): Promise<Map<Asked, Outcome>> {
  for (const { guest } of group) if (guest !== undefined) await needs.admitGuest(tx, guest);
  const found = await findOut(tx, group, needs);
  const outcomes = new Map(group.map((asked) => [asked, outcomeOf(asked, found)]));
  // Undone, so that a guest is not taken in without its contract.
  const [only] = group.length === 1 ? outcomes.values() : [];
  if (only !== undefined && only !== STORED) throw only.reason;
  const stored = group.filter((asked) => outcomes.get(asked) === STORED);
  if (stored.length > 0) await writeDown(tx, stored, found, needs);
  return outcomes;
}

/** What is in the pools before, none of which changes until the end of the transaction. */
interface Found {
  readonly vehicles: ReadonlyMap<Pcid, HeldVehicle>;
  /** The vehicles of the EMAIDs that are taken. */
  readonly owners: ReadonlyMap<string, string>;
  /** By EMAID. */
  readonly before: ReadonlyMap<string, StoredBefore>;
  /** Types of events that somebody wants to hear of. */
  readonly heard: ReadonlySet<string>;
}

/** One writer for a vehicle at a time: "the first contract" has to have an answer. So the vehicles are held first. */
async function findOut(tx: Tx, group: readonly Asked[], { store, vehicles }: ContractStoringNeeds): Promise<Found> {
  const all = group.map(({ data }) => data);
  const pcids = all.map(({ pcid }) => pcid);
  const emaids = all.map(({ emaid }) => emaid);
  const [held, owners, before, enabled] = await store.together(tx, [
    vehicles.lock(tx, pcids),
    ownersLock(store, tx, emaids),
    storedBeforeSelect(tx, all),
    enabledTypesSelect(tx, [CREATED, UPDATED]),
  ]);
  return {
    vehicles: vehicles.vehiclesIn(held.rows),
    owners: new Map(owners.rows.map(({ emaid, pcid }) => [emaid, pcid])),
    before: storedBefore(before.rows),
    heard: new Set(enabled.rows.map(({ type }) => type)),
  };
}

function outcomeOf({ data, sealedFor }: Asked, { vehicles, owners }: Found): Outcome {
  const { pcid, emaid, edition } = data;
  const vehicle = vehicles.get(pcid);
  // A key that was sealed for another certificate than the one that is published now the vehicle could not open.
  const canOpen = sealedFor === undefined || vehicle?.fingerprints.get(edition) === sealedFor;
  if (vehicle === undefined || !canOpen) return { reason: refuse('vehicle-not-available') };
  // An EMAID belongs to the vehicle that it was first stored for.
  return (owners.get(emaid) ?? pcid) === pcid ? STORED : { reason: refuse('emaid-taken') };
}

/** Contracts and their data, defaults of vehicles that had none, certificates, audit rows, events. Ends the transaction. */
async function writeDown(
  tx: Tx,
  stored: readonly Asked[],
  { vehicles, owners, before, heard }: Found,
  { store, clock, issuedInserts, record }: ContractStoringNeeds,
): Promise<void> {
  const now = clock.now();
  const all = stored.map(({ data }) => ({ ...data, shownPcid: vehicles.get(data.pcid)?.shownPcid ?? data.pcid }));
  for (const data of all) {
    const { fingerprint } = before.get(data.emaid) ?? {};
    if (fingerprint !== undefined && fingerprint !== data.contractCertificate.fingerprint)
      await deleteOtherData(tx, data);
  }
  const events = all.map((data, index) => inSpan(stored[index]?.span, () => storedEvent(data, before.get(data.emaid))));
  await record(tx, events, heard);
  const issued = stored.flatMap((each) => each.issued ?? []);
  const rows = stored.flatMap((each) => storedRows(each, before.get(each.data.emaid), now));
  const isNew = all.filter(({ emaid }) => !owners.has(emaid));
  const hadNone = all.filter(({ emaid }) => before.get(emaid)?.any !== true);
  await store.togetherAtEnd(tx, [
    ...contractInserts(tx, isNew, now),
    signedContractDataUpsert(tx, all, now),
    ...defaultUpserts(tx, hadNone),
    ...issuedInserts(tx, issued, rows),
  ]);
}

const CREATED = 'oem.contract.created';
const UPDATED = 'oem.contract.updated';

function storedRows({ data, acting }: Asked, before: StoredBefore | undefined, now: number): AuditRow[] {
  const { emaid: object, installationRes: after } = data;
  return actingAs(acting, () =>
    auditRows(now, [{ operation: 'contract.store', object, before: before?.fingerprint, after }]),
  );
}

function storedEvent(data: StorableContractData & NewContract, before: StoredBefore | undefined): NewEvent {
  return contractEvent(before?.fingerprint === undefined ? CREATED : UPDATED, {
    ...data,
    contractCertificate: data.contractCertificate.der,
    cpsRootFingerprint: data.cpsRoot.fingerprint,
    cpsRootName: formatName(data.cpsRoot.subject),
  });
}
