/**
 * Approvals by a second operator: actions that trust depends on are done at once, or, where two persons are wanted,
 * recorded as proposals that another operator approves or rejects before they are over.
 */
import { createHash, randomUUID } from 'node:crypto';
import { audit } from '../access/audit-log.ts';
import { whoActs } from '../kernel/acting.ts';
import type { Clock } from '../kernel/clock.ts';
import { DomainError, refuse } from '../kernel/domain-error.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ApprovalTable } from '../store/tables.ts';
import { type ActionNeeds, type Actions, actionsOf, type Way } from './actions.ts';
import {
  type ActionKind,
  APPROVAL_STATES,
  type Orders,
  type Performed,
  type Proposal,
  type Results,
} from './approval.ts';
import {
  decide,
  insertProposal,
  type ProposalFilter,
  selectOverdue,
  selectPending,
  selectProposal,
  selectProposals,
  updateExpired,
  updateOutcome,
  waitForOthers,
} from './approval-queries.ts';
import { canonicalJson } from './canonical-json.ts';

export { sealedForImport } from './actions.ts';

/** Two persons, and how long the second one has. */
export interface ApprovalSettings {
  readonly expiresAfterMs: number;
}

export interface Approvals {
  /** Does it, or proposes it; the same proposed again is one proposal. Throws what the action refuses, at once. */
  perform<K extends ActionKind>(kind: K, order: Orders[K]): Promise<Performed<Results[K]>>;
  /** The latest first; `next` where more follow. */
  list(filter: ProposalFilter): Promise<{ readonly proposals: readonly Proposal[]; readonly next?: Proposal }>;
  /** Throws `approval-not-found`. */
  get(id: string): Promise<Proposal>;
  /**
   * Carries it out, once, in one transaction with its events and audit rows. Throws `approval-not-found`,
   * `approval-own` for who proposed it, `approval-decided`, `approval-stale`, and what the action refuses.
   */
  approve(id: string): Promise<Proposal>;
  /** By whoever: who proposed it takes it back. Throws `approval-not-found`, `approval-decided`. */
  reject(id: string, reason?: string): Promise<Proposal>;
  /** Writes down which proposals are over, and forgets what was secret in them. How many. */
  expire(): Promise<number>;
}

export interface ApprovalsNeeds extends ActionNeeds {
  readonly clock: Clock;
  /** Nobody has to approve anything where it is left out. */
  readonly settings?: ApprovalSettings | undefined;
}

export function approvals(needs: ApprovalsNeeds): Approvals {
  const { store, clock, settings } = needs;
  const actions = actionsOf(needs);

  async function get(id: string): Promise<ApprovalTable> {
    const row = isId(id) ? await selectProposal(store.db, id) : undefined;
    if (row === undefined) throw refuse('approval-not-found');
    return row;
  }

  const shown = (row: ApprovalTable) => proposalOf(row, clock.now(), hiddenIn(actions, row.kind));

  async function propose<K extends ActionKind>(kind: K, order: Orders[K], expiresAfterMs: number): Promise<Proposal> {
    const action = actions[kind];
    const by = proposer();
    if (action.isRehearsed) await rehearse(store, await action.prepare(order));
    const payload = canonicalJson(order);
    const payloadHash = hashOf(withoutHidden(payload, hiddenIn(actions, kind)));
    const row = await store.transaction(async (tx) => {
      const now = clock.now();
      await expireWithin(tx, now);
      const proposal: ApprovalTable = {
        ...{ id: randomUUID(), kind, object: action.object(order), payload, payload_hash: payloadHash },
        ground_hash: hashOf(await action.ground(order, tx)),
        ...{ state: 'pending', proposed_by: by, proposed_at: now, expires_at: now + expiresAfterMs },
        ...{ decided_by: null, decided_at: null, reason: null, outcome: null },
      };
      if (await insertProposal(tx, proposal)) {
        await audit(tx, now, [{ operation: 'approval.propose', object: proposal.id, after: payload }]);
      }
      return await selectPending(tx, kind, payloadHash);
    });
    if (row === undefined) throw new Error('the proposal that was just made is gone');
    return shown(row);
  }

  async function expireWithin(tx: Tx, now: number): Promise<number> {
    let count = 0;
    for (const { id, kind, payload } of await selectOverdue(tx, now)) {
      if (!(await updateExpired(tx, id, withoutHidden(payload, hiddenIn(actions, kind))))) continue;
      await audit(tx, now, [{ operation: 'approval.expire', object: id, before: payload }]);
      count += 1;
    }
    return count;
  }

  /** Throws `approval-decided`. */
  async function close(
    tx: Tx,
    { id, kind, payload }: ApprovalTable,
    state: 'approved' | 'rejected' | 'stale',
    reason?: string,
  ): Promise<void> {
    const now = clock.now();
    const kept = withoutHidden(payload, hiddenIn(actions, kind));
    if (!(await decide(tx, id, { state, by: whoActs().actor, at: now, payload: kept, reason }))) {
      throw refuse(
        'approval-decided',
        stateOf((await selectProposal(tx, id)) ?? { state: 'gone', expires_at: 0 }, now),
      );
    }
    const operation = ({ approved: 'approve', rejected: 'reject', stale: 'stale' } as const)[state];
    await audit(tx, now, [{ operation: `approval.${operation}`, object: id, after: payload }]);
  }

  /** What parties may do changes at once. */
  async function changing<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    try {
      return await store.transaction(work);
    } finally {
      needs.parties.forget();
    }
  }

  async function carryOut<K extends ActionKind>(kind: K, row: ApprovalTable): Promise<'done' | 'stale'> {
    const action = actions[kind];
    const order: Orders[K] = JSON.parse(row.payload);
    const run = await action.prepare(order);
    return await changing(async (tx) => {
      await waitForOthers(store, tx);
      const isStale = (await groundOf(() => action.ground(order, tx))) !== row.ground_hash;
      await close(tx, row, isStale ? 'stale' : 'approved');
      if (isStale) return 'stale';
      await updateOutcome(tx, row.id, JSON.stringify(action.outcome(await run(tx, 'approved'))));
      return 'done';
    });
  }

  return {
    async perform(kind, order) {
      const action = actions[kind];
      const isFree = settings === undefined || (await action.isFree?.(order, store.db)) === true;
      if (!isFree) return { proposed: await propose(kind, order, settings.expiresAfterMs) };
      const run = await action.prepare(order);
      return { done: await changing((tx) => run(tx, 'at-once')) };
    },

    async list({ limit, ...filter }) {
      const rows = await selectProposals(store.db, clock.now(), { ...filter, limit: limit + 1 });
      const proposals = rows.slice(0, limit).map(shown);
      const next = rows.length > limit ? proposals.at(-1) : undefined;
      return { proposals, ...(next && { next }) };
    },

    get: async (id) => shown(await get(id)),

    async approve(id) {
      const row = await get(id);
      const state = stateOf(row, clock.now());
      if (state !== 'pending') throw refuse('approval-decided', state);
      if (proposer() === row.proposed_by) throw refuse('approval-own');
      if (!isKind(actions, row.kind)) throw new Error(`nobody knows how to do ${row.kind}`);
      if ((await carryOut(row.kind, row)) === 'stale') throw refuse('approval-stale');
      return shown(await get(id));
    },

    async reject(id, reason) {
      const row = await get(id);
      await store.transaction((tx) => close(tx, row, 'rejected', reason));
      return shown(await get(id));
    },

    expire: () => store.transaction((tx) => expireWithin(tx, clock.now())),
  };
}

/** Who acts, if that is somebody who can be told from others. */
function proposer(): string {
  const { actor } = whoActs();
  if (!actor.includes(':')) throw refuse('approval-unnamed');
  return actor;
}

class Rehearsed extends Error {}

/** Throws what the action refuses, and leaves nothing behind. */
async function rehearse(store: Store, run: (tx: Tx, way: Way) => Promise<unknown>): Promise<void> {
  try {
    await store.transaction(async (tx) => {
      await run(tx, 'approved');
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
}

/** What is not there any more has no ground. */
async function groundOf(read: () => Promise<string>): Promise<string | undefined> {
  try {
    return hashOf(await read());
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function isKind(actions: Actions, kind: string): kind is ActionKind {
  return Object.hasOwn(actions, kind);
}

function hiddenIn(actions: Actions, kind: string): readonly string[] {
  return isKind(actions, kind) ? (actions[kind].hidden ?? []) : [];
}

function withoutHidden(payload: string, hidden: readonly string[]): string {
  if (hidden.length === 0) return payload;
  const members: [string, unknown][] = Object.entries(JSON.parse(payload));
  return canonicalJson(Object.fromEntries(members.filter(([name]) => !hidden.includes(name))));
}

function stateOf({ state, expires_at }: Pick<ApprovalTable, 'state' | 'expires_at'>, now: number): string {
  return state === 'pending' && expires_at <= now ? 'expired' : state;
}

function proposalOf(row: ApprovalTable, now: number, hidden: readonly string[]): Proposal {
  const state = stateOf(row, now);
  return {
    id: row.id,
    kind: row.kind,
    object: row.object,
    payload: withoutHidden(row.payload, hidden),
    state: APPROVAL_STATES.find((each) => each === state) ?? 'expired',
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    expiresAt: row.expires_at,
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at !== null && { decidedAt: row.decided_at }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.outcome !== null && { outcome: row.outcome }),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
