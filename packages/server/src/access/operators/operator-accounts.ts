/** The accounts of people who operate the ecosystem: who there is, and the links with which they enrol. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { Store, Tx } from '../../store/store.ts';
import { type AuditOperation, audit } from '../audit-log.ts';
import {
  type AccountRow,
  deleteSessionsOf,
  insertAccount,
  resetAccount,
  selectAccounts,
  setAccountDisabled,
} from './operator-queries.ts';
import { hashOfToken, newToken } from './token.ts';

/** What the operator gets, once: whoever has the token chooses password and authenticator of the account. */
export interface EnrolmentLink {
  readonly name: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface OperatorAccount {
  readonly name: string;
  readonly state: 'enrolled' | 'invited' | 'invitation over' | 'disabled';
  readonly createdAt: number;
}

export interface OperatorAccounts {
  /** Throws `operator-refused`. */
  add(name: string): Promise<EnrolmentLink>;
  list(): Promise<OperatorAccount[]>;
  /** Password, authenticator and sessions are over; a new link takes their place. Throws `operator-not-found`. */
  reset(name: string): Promise<EnrolmentLink>;
  /** Sessions end at once. Throws `operator-not-found`. */
  disable(name: string): Promise<void>;
  enable(name: string): Promise<void>;
  /** Ends all sessions of `operator:…`. Returns how many. */
  signOut(operator: string): Promise<number>;
}

const LINK_GOOD_FOR_MS = 24 * 3_600_000;
/** An e-mail address will do. No `#`, which stands between issuer and subject of those who come from elsewhere. */
const NAME = /^[a-z0-9][a-z0-9._@+-]{1,99}$/;

/** As audit rows, sessions and rights name an account. */
export function operatorOfAccount(name: string): string {
  return `operator:${name}`;
}

/** Undefined for what cannot be the name of an account. */
export function normalName(text: string): string | undefined {
  const name = text.trim().toLowerCase();
  return NAME.test(name) ? name : undefined;
}

export function operatorAccounts({ store, clock }: { readonly store: Store; readonly clock: Clock }): OperatorAccounts {
  function newLink(name: string): EnrolmentLink & { readonly hash: string } {
    const token = newToken();
    return { name, token, hash: hashOfToken(token), expiresAt: clock.now() + LINK_GOOD_FOR_MS };
  }

  async function change(
    text: string,
    operation: AuditOperation,
    work: (tx: Tx, name: string) => Promise<boolean>,
  ): Promise<void> {
    const name = normalName(text);
    if (name === undefined) throw refuse('operator-not-found', text);
    await store.transaction(async (tx) => {
      if (!(await work(tx, name))) throw refuse('operator-not-found', name);
      await audit(tx, clock.now(), [{ operation, object: operatorOfAccount(name) }]);
    });
  }

  return {
    async add(text) {
      const name = normalName(text);
      if (name === undefined) {
        throw refuse('operator-refused', 'must have 2 to 100 letters, digits, or . _ @ + - behind the first');
      }
      const { hash, ...link } = newLink(name);
      try {
        await store.transaction(async (tx) => {
          const createdAt = clock.now();
          await insertAccount(tx, { id: randomUUID(), name, createdAt, hash, expiresAt: link.expiresAt });
          await audit(tx, createdAt, [{ operation: 'operator.add', object: operatorOfAccount(name) }]);
        });
      } catch (error) {
        if (store.isUniqueViolation(error)) throw refuse('operator-refused', `there is an operator "${name}" already`);
        throw error;
      }
      return link;
    },

    async list() {
      const now = clock.now();
      return (await selectAccounts(store.db)).map((row) => accountOf(row, now));
    },

    async reset(text) {
      const { hash, ...link } = newLink(normalName(text) ?? '');
      await change(text, 'operator.reset', async (tx, name) => {
        const done = await resetAccount(tx, name, { hash, expiresAt: link.expiresAt });
        await deleteSessionsOf(tx, operatorOfAccount(name));
        return done;
      });
      return link;
    },

    disable: (text) =>
      change(text, 'operator.disable', async (tx, name) => {
        // The account first: a sign-in at this moment waits for it, or is among the sessions that end.
        const done = await setAccountDisabled(tx, name, clock.now());
        await deleteSessionsOf(tx, operatorOfAccount(name));
        return done;
      }),

    enable: (text) => change(text, 'operator.enable', (tx, name) => setAccountDisabled(tx, name, null)),

    signOut: (operator) =>
      store.transaction(async (tx) => {
        const count = await deleteSessionsOf(tx, operator);
        if (count > 0) await audit(tx, clock.now(), [{ operation: 'session.end-all', object: operator }]);
        return count;
      }),
  };
}

function accountOf({ name, ...row }: AccountRow, now: number): OperatorAccount {
  const { created_at: createdAt } = row;
  if (row.disabled_at !== null) return { name, state: 'disabled', createdAt };
  if (row.enrolled_at !== null) return { name, state: 'enrolled', createdAt };
  const isOver = row.enrolment_expires_at === null || row.enrolment_expires_at <= now;
  return { name, state: isOver ? 'invitation over' : 'invited', createdAt };
}
