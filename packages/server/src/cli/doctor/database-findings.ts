/** Whether the database is there, fits this version, and agrees about the time. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyChain } from '../../access/audit-chain.ts';
import { databaseState } from '../../store/database-state.ts';
import { openDatabase, type Store, type StoreLocation } from '../../store/store.ts';
import { locationInWords } from '../database.ts';
import { type Finding, failure, ok, reasonOf, skipped, warning } from './finding.ts';

const OLDEST_POSTGRESQL = 14;
const SMALL_SKEW_MS = 1_000;
const LARGE_SKEW_MS = 30_000;

export interface DatabaseFindings {
  readonly findings: readonly Finding[];
  /** Absent when there is none that the other checks can read. */
  readonly store?: Store;
}

/** Opens without migrating: a doctor changes nothing. */
export async function databaseFindings(location: StoreLocation): Promise<DatabaseFindings> {
  const where = locationInWords(location);
  try {
    if ('dataDirectory' in location) await access(join(location.dataDirectory, 'plugpool.db'));
    const store = await openDatabase(location, () => undefined);
    try {
      const before = Date.now();
      const state = await databaseState(store);
      const versions = versionFinding(state, where);
      const migrated = migrationFinding(state);
      const findings = [versions, migrated, clockFinding(state, (before + Date.now()) / 2)];
      if (migrated.verdict === 'ok') return { findings, store };
      await store.close();
      return { findings };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    const advice = 'check --data or --database-url, and that the database runs and lets this user in';
    return { findings: [failure('database', `${where} cannot be read: ${reasonOf(error)}`, advice)] };
  }
}

type State = Awaited<ReturnType<typeof databaseState>>;

function versionFinding({ version, major, readOnly }: State, where: string): Finding {
  if (major !== undefined && major < OLDEST_POSTGRESQL) {
    return warning(
      'database',
      `${version} gets no corrections any more`,
      `use PostgreSQL ${OLDEST_POSTGRESQL} or newer`,
    );
  }
  return ok('database', `${version} at ${where}${readOnly ? ', a standby: it takes no writes' : ''}`);
}

function migrationFinding({ missing, unknown }: State): Finding {
  if (unknown.length > 0) {
    return warning(
      'migrations',
      `a newer version made ${unknown.join(', ')}`,
      'run that version here too; the other checks need it',
    );
  }
  if (missing.length === 0) return ok('migrations', 'up to date');
  return failure('migrations', `missing: ${missing.join(', ')}`, 'run `plugpool migrate`, or start the server');
}

function clockFinding({ now }: State, ours: number): Finding {
  if (now === undefined) return skipped('clock', 'the embedded database has the clock of this machine');
  const skew = Math.round(Math.abs(now - ours));
  const found = `${skew} ms apart from the clock of the database`;
  const advice = 'keep both clocks by NTP: certificates and tokens begin and end by them';
  if (skew > LARGE_SKEW_MS) return failure('clock', found, advice);
  return skew > SMALL_SKEW_MS ? warning('clock', found, advice) : ok('clock', found);
}

/** The chain of hashes over the audit log. */
export async function auditFinding({ db }: Store): Promise<Finding> {
  const { rows, notChained, brokenAt } = await verifyChain(db);
  if (brokenAt === undefined)
    return ok('audit log', `${rows} rows, the chain holds, ${notChained} rows wait for a place`);
  return failure(
    'audit log',
    `the chain is broken at row ${brokenAt}`,
    'somebody changed, put in or took out a row: compare with a backup (`plugpool audit export`)',
  );
}
