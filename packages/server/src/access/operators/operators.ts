/** Operators at the console: how they get in, and how long they stay. */

import { actingAs, whoActs } from '../../kernel/acting.ts';
import type { Clock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/domain-error.ts';
import type { Secrets } from '../../keys/key-store.ts';
import type { Store, Tx } from '../../store/store.ts';
import { audit } from '../audit-log.ts';
import { newCodeSecret, sourceForApp, stepOfCode } from './one-time-codes.ts';
import { normalName, type OperatorAccounts, operatorAccounts, operatorOfAccount } from './operator-accounts.ts';
import type { OperatorIssuer } from './operator-issuer.ts';
import {
  type AccountRow,
  finishEnrolment,
  keepFirstSecret,
  selectAccount,
  selectEnrolling,
  useStep,
} from './operator-queries.ts';
import {
  defaultSessionTimes,
  type OperatorSessions,
  operatorSessions,
  type SessionTimes,
  type StartedSession,
} from './operator-sessions.ts';
import { type Passwords, passwords } from './passwords.ts';
import { hashOfToken } from './token.ts';

export type { EnrolmentLink, OperatorAccounts } from './operator-accounts.ts';
export { operatorAccounts } from './operator-accounts.ts';
export type { OperatorIssuer, OperatorIssuerSettings } from './operator-issuer.ts';
export {
  type OperatorSession,
  type SessionTimes,
  type StartedSession,
  showsToken,
} from './operator-sessions.ts';

export interface Operators {
  readonly accounts: OperatorAccounts;
  readonly sessions: Omit<OperatorSessions, 'start'>;
  /** Where operators sign in who have no account here; undefined when none is configured. */
  readonly issuer: Pick<OperatorIssuer, 'name' | 'begin'> | undefined;
  /** Throws `sign-in-refused`, whatever was wrong; `too-many-requests`. */
  signIn(shown: Shown): Promise<StartedSession>;
  /** What goes into the authenticator app; the same each time until the enrolment is done. Throws `enrolment-refused`. */
  beginEnrolment(token: string): Promise<EnrolmentSecret>;
  /** Throws `enrolment-refused`, `password-refused`, `code-refused`, `too-many-requests`. */
  finishEnrolment(token: string, chosen: Omit<Shown, 'name'>): Promise<StartedSession>;
  /** Throws `sign-in-over`, `not-an-operator`, `operator-issuer-unreachable`. */
  finishAtIssuer(kept: string, callback: URL): Promise<StartedSession & { readonly returnTo: string }>;
}

export interface Shown {
  readonly name: string;
  readonly password: string;
  /** Six digits. */
  readonly code: string;
}

export interface EnrolmentSecret {
  readonly name: string;
  /** `otpauth://…`, for a QR code. */
  readonly uri: string;
  /** Base32. */
  readonly secret: string;
}

export interface OperatorParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** No slash at the end. */
  readonly publicUrl: string;
  readonly times?: SessionTimes | undefined;
  readonly issuer?: OperatorIssuer | undefined;
  readonly hashing?: Passwords;
}

export function operators(parts: OperatorParts): Operators {
  const { store, clock, secrets, publicUrl, issuer, times = defaultSessionTimes, hashing = passwords() } = parts;
  const sessions = operatorSessions({ store, clock, times });

  /** Password and code are always looked at: the time tells nothing of which was wrong. */
  async function stepShownBy(account: AccountRow | undefined, { password, code }: Shown): Promise<number | undefined> {
    const fits = await hashing.fits(password, account?.password);
    const secret = account?.totp_secret;
    const step = await stepOfCode(secret ? opened(account, secret) : newCodeSecret(), code, clock.now());
    return fits ? step : undefined;
  }

  /** Who has just shown who he is does what follows. */
  function by<T>(operator: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return actingAs({ ...whoActs(), actor: operator }, () => store.transaction(work));
  }

  function opened({ id }: AccountRow, sealed: Uint8Array): Uint8Array {
    return secrets.open(sealName(id), Uint8Array.from(sealed));
  }

  async function refuseKnown(operator: string): Promise<never> {
    await store.transaction((tx) => audit(tx, clock.now(), [{ operation: 'session.refuse', object: operator }]));
    throw refuse('sign-in-refused');
  }

  return {
    accounts: operatorAccounts({ store, clock }),
    sessions: { find: sessions.find, end: sessions.end },
    issuer,

    async signIn(shown) {
      const name = normalName(shown.name);
      const account = name === undefined ? undefined : await selectAccount(store.db, name);
      const step = await stepShownBy(account, shown);
      // Names of nobody do not stand in the audit log: people type their password there.
      if (account === undefined) throw refuse('sign-in-refused');
      const operator = operatorOfAccount(account.name);
      if (step === undefined) return await refuseKnown(operator);
      const started = await by(operator, async (tx) => {
        if (!(await useStep(tx, account, step))) return undefined;
        return await sessions.start(tx, { operator, name: account.name });
      });
      return started ?? (await refuseKnown(operator));
    },

    async beginEnrolment(token) {
      const hash = hashOfToken(token);
      const account = await selectEnrolling(store.db, hash, clock.now());
      if (account === undefined) throw refuse('enrolment-refused');
      await keepFirstSecret(store.db, account.id, secrets.seal(sealName(account.id), newCodeSecret()));
      const kept = await selectEnrolling(store.db, hash, clock.now());
      if (kept?.totp_secret == null) throw refuse('enrolment-refused');
      const { hostname } = new URL(publicUrl);
      const source = { secret: opened(kept, kept.totp_secret), issuer: `plugpool ${hostname}`, name: kept.name };
      return { name: kept.name, ...(await sourceForApp(source)) };
    },

    async finishEnrolment(token, { password, code }) {
      const hash = hashOfToken(token);
      const account = await selectEnrolling(store.db, hash, clock.now());
      if (account?.totp_secret == null) throw refuse('enrolment-refused');
      const hashed = await hashing.hash(password);
      const step = await stepOfCode(opened(account, account.totp_secret), code, clock.now());
      if (step === undefined) throw refuse('code-refused');
      const operator = operatorOfAccount(account.name);
      return await by(operator, async (tx) => {
        const done = await finishEnrolment(tx, { id: account.id, hash, password: hashed, step }, clock.now());
        if (!done) throw refuse('enrolment-refused');
        await audit(tx, clock.now(), [{ operation: 'operator.enrol', object: operator }]);
        return await sessions.start(tx, { operator, name: account.name });
      });
    },

    async finishAtIssuer(kept, callback) {
      if (issuer === undefined) throw refuse('sign-in-over');
      const { operator, name, returnTo } = await issuer.finish(kept, callback);
      const started = await by(operator, (tx) => sessions.start(tx, { operator, name }));
      return { ...started, returnTo };
    },
  };
}

/** Under which a secret is sealed, so that rows cannot be exchanged. */
function sealName(accountId: string): string {
  return `operator ${accountId}`;
}
