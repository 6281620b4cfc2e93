/**
 * The PKI that every ecosystem has: for each algorithm one V2G root, two sub CAs for each domain, and the signer of
 * contract data. An empty database gets all of it, one from an earlier version what has come since.
 */
import type { Certificate } from '@plugpool/iso15118/pki';
import type { Clock } from '../kernel/clock.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { Store, Tx } from '../store/store.ts';
import type { AuthorityDirectory } from './authorities.ts';
import { certificatesOfRoots, makeAuthorities, recordAuthority } from './authority-making.ts';
import { formatAuthorityName } from './authority-name.ts';
import { selectAuthorityNames } from './authority-queries.ts';
import type { IssuanceSettings } from './issuance.ts';
import { branchesOf, type PlannedAuthority } from './planned-authorities.ts';
import { curves } from './profiles.ts';

/** What else comes into the world together with the roots, in the same transaction. */
export type Alongside = (tx: Tx, roots: readonly Certificate[]) => Promise<void>;

export interface Founding {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly settings: IssuanceSettings;
  readonly directory: AuthorityDirectory;
}

/**
 * Makes the authorities that the database does not have, all in one transaction. Of processes that start together on
 * one database the first to commit wins, and the others use its authorities. Returns whether this one made any.
 */
export async function ensureDemoAuthorities(founding: Founding, alongside: Alongside): Promise<boolean> {
  const { store, clock } = founding;
  const plan = curves.flatMap((curve) => branchesOf(1, curve));
  const missing = await missingOf(plan, store.db);
  if (missing.length === 0) return false;
  const now = clock.now();
  const authorities = await makeAuthorities(missing, workshopOf(founding, now));
  try {
    return await store.transaction(async (tx) => {
      // SQLite gives the transaction to one writer at a time: the second sees here what the first has made.
      if ((await missingOf(missing, tx)).length < missing.length) return false;
      for (const authority of authorities) await recordAuthority(tx, authority, now);
      await alongside(tx, certificatesOfRoots(authorities));
      return true;
    });
  } catch (error) {
    // PostgreSQL lets both begin: the second waits at the first name until the other commits, and is refused.
    if (store.isUniqueViolation(error) && (await missingOf(missing, store.db)).length === 0) return false;
    throw error;
  }
}

/** What makes authorities on this database at this time. */
export function workshopOf({ keys, settings, directory }: Omit<Founding, 'store' | 'clock'>, now: number) {
  return {
    keys,
    settings,
    now,
    async existing(line: string) {
      const authority = await directory.last(line);
      if (authority === undefined) return undefined;
      const { name, certificate, privateKeyId, revoked } = authority;
      if (revoked) throw refuse('authority-refused', name, 'is revoked and issues nothing any more: rotate it first');
      return { name, certificate, signer: await keys.signer(privateKeyId) };
    },
  };
}

async function missingOf(plan: readonly PlannedAuthority[], db: Store['db']): Promise<PlannedAuthority[]> {
  const there = await selectAuthorityNames(db);
  return plan.filter(({ name }) => !there.has(formatAuthorityName(name)));
}
