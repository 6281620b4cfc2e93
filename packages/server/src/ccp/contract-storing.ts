/**
 * Storing contracts. Those that come at the same time share a transaction, which costs a database about as much as that
 * of one alone; whether one is stored never depends on the others.
 */
import { formatName, type Pcid } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import { type AuditRow, auditRows } from '../access/audit-log.ts';
import type { ContractToStore, StoreContract } from '../cps/contract-data.ts';
import { contractEvent, type NewEvent } from '../events/event.ts';
import { enabledTypesSelect, type RecordEvents } from '../events/event-log.ts';
import { type Acting, actingAs, whoActs } from '../kernel/acting.ts';
import { askedTogether } from '../kernel/asked-together.ts';
import type { Clock } from '../kernel/clock.ts';
import { DatabaseFull, DatabaseUnavailable } from '../kernel/database-unavailable.ts';
import { refuse } from '../kernel/domain-error.ts';
import { currentSpan, inSpan, type Span } from '../kernel/tracing.ts';
import type { GuestVehicle, HeldVehicle } from '../pcp/vehicle.ts';
import type { IssuedRecord } from '../pki/issued.ts';
import type { Store, Tx } from '../store/store.ts';
import {
  contractInsert,
  defaultUpserts,
  deleteOtherData,
  type NewContract,
  type StoredBefore,
  signedContractDataUpsert,
  storedBefore,
  storedBeforeSelect,
} from './storing-queries.ts';

export interface ContractStoringNeeds {
  readonly store: Store;
  readonly clock: Clock;
  /** Holds the vehicles' rows. */
  readonly holdVehicles: (tx: Tx, pcids: readonly Pcid[]) => Promise<ReadonlyMap<Pcid, HeldVehicle>>;
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

/**
 * One transaction. What the database does not take from one of several is none of the others' business; what it takes from
 * nobody need not be tried by each.
 */
async function storeGroup(group: readonly Asked[], needs: ContractStoringNeeds): Promise<Map<Asked, Outcome>> {
  try {
    return await needs.store.transaction((tx) => storeInside(tx, group, needs));
  } catch (reason) {
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
  const now = needs.clock.now();
  const outcomes = new Map<Asked, Outcome>();
  for (const { guest } of group) if (guest !== undefined) await needs.admitGuest(tx, guest);
  const waiting = await onHeldVehicles(tx, group, outcomes, needs);
  if (waiting.length > 0) await onOwnEmaids(tx, waiting, outcomes, now, needs);
  const [only] = group.length === 1 ? outcomes.values() : [];
  // Undone, so that the guest is not taken in without its contract.
  if (only !== undefined && only !== STORED) throw only.reason;
  return outcomes;
}

interface Storing extends NewContract {
  readonly asked: Asked;
}

/** One writer for a vehicle at a time: "the first contract" has to have an answer. */
async function onHeldVehicles(
  tx: Tx,
  group: readonly Asked[],
  outcomes: Map<Asked, Outcome>,
  { holdVehicles }: ContractStoringNeeds,
): Promise<Storing[]> {
  const vehicles = await holdVehicles(
    tx,
    group.map(({ data }) => data.pcid),
  );
  return group.flatMap((asked) => {
    const { pcid, emaid, edition } = asked.data;
    const vehicle = vehicles.get(pcid);
    // A key that was sealed for another certificate than the one that is published now the vehicle could not open.
    const canOpen = asked.sealedFor === undefined || vehicle?.fingerprints.get(edition) === asked.sealedFor;
    if (vehicle !== undefined && canOpen) return [{ asked, pcid, emaid, shownPcid: vehicle.shownPcid }];
    outcomes.set(asked, { reason: refuse('vehicle-not-available') });
    return [];
  });
}

/** An EMAID belongs to the vehicle that it was first stored for. */
async function onOwnEmaids(
  tx: Tx,
  waiting: readonly Storing[],
  outcomes: Map<Asked, Outcome>,
  now: number,
  needs: ContractStoringNeeds,
): Promise<void> {
  const data = waiting.map(({ asked }) => asked.data);
  const [owners, before] = await needs.store.together(tx, [
    contractInsert(tx, waiting, now),
    storedBeforeSelect(tx, data),
  ]);
  const ownerOf = new Map(owners.rows.map(({ emaid, pcid }) => [emaid, pcid]));
  const stored = waiting.filter(({ asked, emaid, pcid }) => {
    const isOwner = ownerOf.get(emaid) === pcid;
    outcomes.set(asked, isOwner ? STORED : { reason: refuse('emaid-taken') });
    return isOwner;
  });
  if (stored.length > 0) await writeData(tx, stored, storedBefore(before.rows), now, needs);
}

/** The data, the defaults of vehicles that had none, the certificates, the audit rows and the events. */
async function writeData(
  tx: Tx,
  contracts: readonly Storing[],
  before: ReadonlyMap<string, StoredBefore>,
  now: number,
  { store, issuedInserts, record }: ContractStoringNeeds,
): Promise<void> {
  const all = contracts.map(({ asked }) => asked.data);
  for (const data of all) {
    const { fingerprint } = before.get(data.emaid) ?? {};
    if (fingerprint !== undefined && fingerprint !== data.contractCertificate.fingerprint)
      await deleteOtherData(tx, data);
  }
  const issued = contracts.flatMap(({ asked }) => asked.issued ?? []);
  const rows = contracts.flatMap(({ asked }) => storedRows(asked, before.get(asked.data.emaid), now));
  const events = contracts.map((contract) => {
    return inSpan(contract.asked.span, () => storedEvent(contract, before.get(contract.emaid)));
  });
  const [enabled] = await store.together(tx, [
    enabledTypesSelect(
      tx,
      events.map(({ type }) => type),
    ),
    signedContractDataUpsert(tx, all, now),
    ...defaultUpserts(
      tx,
      all.filter(({ emaid }) => before.get(emaid)?.any !== true),
    ),
    ...issuedInserts(tx, issued, rows),
  ]);
  await record(tx, events, new Set(enabled.rows.map(({ type }) => type)));
}

function storedRows({ data, acting }: Asked, before: StoredBefore | undefined, now: number): AuditRow[] {
  const { emaid: object, installationRes: after } = data;
  return actingAs(acting, () =>
    auditRows(now, [{ operation: 'contract.store', object, before: before?.fingerprint, after }]),
  );
}

function storedEvent({ asked: { data }, shownPcid }: Storing, before: StoredBefore | undefined): NewEvent {
  return contractEvent(before?.fingerprint === undefined ? 'oem.contract.created' : 'oem.contract.updated', {
    ...data,
    shownPcid,
    contractCertificate: data.contractCertificate.der,
    cpsRootFingerprint: data.cpsRoot.fingerprint,
    cpsRootName: formatName(data.cpsRoot.subject),
  });
}
