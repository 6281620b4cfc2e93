/** The tables of operators and their sessions. */
import type { Db, Tx } from '../../store/store.ts';
import type { OperatorAccountTable, OperatorSessionTable } from '../../store/tables.ts';

export type AccountRow = OperatorAccountTable;
export type SessionRow = OperatorSessionTable;

interface NewEnrolment {
  readonly hash: string;
  readonly expiresAt: number;
}

export async function insertAccount(
  tx: Tx,
  account: { readonly id: string; readonly name: string; readonly createdAt: number } & NewEnrolment,
): Promise<void> {
  const { id, name, createdAt, hash, expiresAt } = account;
  await tx
    .insertInto('operator_account')
    .values({ id, name, created_at: createdAt, enrolment_hash: hash, enrolment_expires_at: expiresAt })
    .execute();
}

export async function selectAccounts(db: Db): Promise<AccountRow[]> {
  return await db.selectFrom('operator_account').selectAll().orderBy('name').execute();
}

export async function selectAccount(db: Db, name: string): Promise<AccountRow | undefined> {
  return await db.selectFrom('operator_account').selectAll().where('name', '=', name).executeTakeFirst();
}

/** Who may enrol with this link now. */
export async function selectEnrolling(db: Db, hash: string, now: number): Promise<AccountRow | undefined> {
  return await db
    .selectFrom('operator_account')
    .selectAll()
    .where('enrolment_hash', '=', hash)
    .where('enrolment_expires_at', '>', now)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
}

/** Whoever begins twice, or in two windows, has one secret. */
export async function keepFirstSecret(db: Db, id: string, sealed: Uint8Array): Promise<void> {
  await db
    .updateTable('operator_account')
    .set({ totp_secret: sealed })
    .where('id', '=', id)
    .where('totp_secret', 'is', null)
    .execute();
}

/** Returns false when the link was used or replaced in the meantime. */
export async function finishEnrolment(
  tx: Tx,
  done: { readonly id: string; readonly hash: string; readonly password: string; readonly step: number },
  now: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operator_account')
    .set({
      password: done.password,
      totp_step: done.step,
      enrolled_at: now,
      enrolment_hash: null,
      enrolment_expires_at: null,
    })
    .where('id', '=', done.id)
    .where('enrolment_hash', '=', done.hash)
    .where('disabled_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Uses up the code of that step. Returns false when it was used, or the account was changed or disabled meanwhile. */
export async function useStep(tx: Tx, account: AccountRow, step: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operator_account')
    .set({ totp_step: step })
    .where('id', '=', account.id)
    .where('password', '=', account.password)
    .where('disabled_at', 'is', null)
    .where((where) => where.or([where('totp_step', 'is', null), where('totp_step', '<', step)]))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Password and authenticator are forgotten. Returns false when there is no such account. */
export async function resetAccount(tx: Tx, name: string, { hash, expiresAt }: NewEnrolment): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operator_account')
    .set({
      password: null,
      totp_secret: null,
      totp_step: null,
      enrolled_at: null,
      enrolment_hash: hash,
      enrolment_expires_at: expiresAt,
    })
    .where('name', '=', name)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function setAccountDisabled(tx: Tx, name: string, at: number | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('operator_account')
    .set({ disabled_at: at })
    .where('name', '=', name)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function insertSession(tx: Tx, session: SessionRow): Promise<void> {
  await tx.deleteFrom('operator_session').where('expires_at', '<=', session.started_at).execute();
  await tx.insertInto('operator_session').values(session).execute();
}

export async function selectSession(db: Db, idHash: string): Promise<SessionRow | undefined> {
  return await db.selectFrom('operator_session').selectAll().where('id_hash', '=', idHash).executeTakeFirst();
}

export async function touchSession(db: Db, idHash: string, at: number): Promise<void> {
  await db
    .updateTable('operator_session')
    .set({ used_at: at })
    .where('id_hash', '=', idHash)
    .where('used_at', '<', at)
    .execute();
}

/** Returns who was signed in; undefined when nobody was. */
export async function deleteSession(tx: Tx, idHash: string): Promise<string | undefined> {
  const deleted = await tx
    .deleteFrom('operator_session')
    .where('id_hash', '=', idHash)
    .returning('operator')
    .executeTakeFirst();
  return deleted?.operator;
}

/** Returns how many. */
export async function deleteSessionsOf(tx: Tx, operator: string): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('operator_session')
    .where('operator', '=', operator)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
