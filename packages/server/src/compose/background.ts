/** What runs beside the requests, in every replica: each starts, and returns what ends it. */
import type { Logger } from 'pino';
import { extendChain, removeAuditBefore } from '../access/audit-chain.ts';
import { startCleansingSchedule } from '../cleansing/cleansing-schedule.ts';
import type { Ecosystem } from '../ecosystem.ts';
import { repeatedly } from '../kernel/repeatedly.ts';
import { asTrace, type Tracing } from '../kernel/tracing.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { Settings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import type { Surroundings } from './surroundings.ts';

const DAY_MS = 86_400_000;

/** Authorities that near their end get successors: now, and every day that the process lives. Returns what ends that. */
export async function rollOver(
  pki: PublicKeyInfrastructure,
  logger: Logger,
  tracing: Tracing | undefined,
): Promise<() => Promise<void>> {
  const rotate = async () => {
    const names = await pki.rotateDue();
    if (names.length > 0) logger.info({ names }, 'authorities have successors');
  };
  await rotate();
  return repeatedly(
    DAY_MS,
    () => asTrace(tracing, 'rollover', {}, rotate),
    (err) => logger.error({ err }, 'rollover failed'),
  );
}

const HOUR_MS = 3_600_000;
const CHAINED_EVERY_MS = 1_000;
/** Rows after which they are counted, and the process may end: an import leaves millions. A second or two. */
const CHAINED_AT_ONCE = 5_000;
const CLEANED_EVERY_MS = HOUR_MS;

type AuditParts = Surroundings & {
  readonly store: Store;
  /** Counts the rows that have places. */
  readonly count: () => Promise<void>;
};

type AuditSettings = Pick<Settings, 'auditRetentionDays'>;

/** Gives the rows of the audit log their places, and counts them, now and then. Returns what ends that. */
export function chainAudit({ store, clock, logger, count }: AuditParts, settings: AuditSettings): () => Promise<void> {
  let isOver = false;
  let cleaned = Number.NEGATIVE_INFINITY;
  const cleanUp = async () => {
    const { auditRetentionDays: keptDays } = settings;
    if (keptDays === 0 || performance.now() - cleaned < CLEANED_EVERY_MS) return;
    cleaned = performance.now();
    const rows = await removeAuditBefore(store, clock.now() - keptDays * DAY_MS);
    if (rows > 0) logger.info({ rows }, 'old rows of the audit log were removed');
  };
  const chain = async () => {
    let added: number;
    do {
      added = await extendChain(store, CHAINED_AT_ONCE);
      await count();
    } while (added >= CHAINED_AT_ONCE && !isOver);
    await cleanUp();
  };
  const end = repeatedly(CHAINED_EVERY_MS, chain, (err) => {
    logger.error({ err }, 'the audit log could not be chained and counted');
  });
  return async () => {
    isOver = true;
    await end();
    // What is in memory alone.
    await count().catch((err) => logger.error({ err }, 'the last counts could not be written'));
  };
}

const EXPIRED_EVERY_MS = 60_000;

/** Proposals that are over are written down as such, and their secrets forgotten. Returns what ends that. */
export function expireProposals({ approvals }: Pick<Ecosystem, 'approvals'>, logger: Logger): () => Promise<void> {
  return repeatedly(
    EXPIRED_EVERY_MS,
    () => approvals.expire(),
    (err) => logger.error({ err }, 'expired proposals could not be written down'),
  );
}

type ScheduleParts = Surroundings & {
  readonly store: Store;
  readonly ecosystem: Ecosystem;
  readonly settings: Pick<Settings, 'cleanseHours'>;
  readonly tracing: Tracing | undefined;
};

/** Expired and revoked objects leave the pools on a schedule. Returns what ends it. */
export function cleanseNowAndThen(parts: ScheduleParts): () => unknown {
  const { store, clock, logger, ecosystem, settings, tracing } = parts;
  return startCleansingSchedule({
    store,
    clock,
    everyMs: () => settings.cleanseHours * HOUR_MS,
    cleanse: (signal) =>
      asTrace(tracing, 'cleansing', { whole: true }, () => ecosystem.cleanse({ dryRun: false, signal })),
    note: (message, details) => logger.info(details, message),
  }).stop;
}
