import { pino } from 'pino';
import type { CleansingSummary } from '../cleansing/cleansing.ts';
import { recordedRun } from '../cleansing/cleansing-schedule.ts';
import { buildEcosystem } from '../compose/ecosystem-of-rooms.ts';
import { DELIVERY_TOPIC } from '../events/delivery/delivery.ts';
import { systemClock } from '../kernel/clock.ts';
import { UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { openPki } from './pki/open-pki.ts';
import { type ProgressBar, progressBar } from './progress-bar.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool cleanse [--dry-run] [--json] [OPTIONS]

Removes from the pools what is expired or revoked: roots, vehicles with their contracts, contracts. The revocation of
certificates of others is asked for again, as PLUGPOOL_REVOCATION has it. Those concerned hear of it by webhook. Works on the
database itself, while a server runs or not; a server does the same every day (PLUGPOOL_CLEANSE_HOURS).

  --dry-run            looks and counts, and removes nothing
  --json               the summary as one JSON object
${databaseUsage}`;

const options = {
  ...databaseOptions,
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`);
  const dryRun = values['dry-run'] === true;
  const { store, keys, pki, parties, settings, close } = await openPki(values, io);
  try {
    const logger = pino({ level: 'silent' });
    const { secrets } = keys;
    const ecosystem = buildEcosystem({ store, clock: systemClock, logger, pki, secrets, parties, settings });
    const bar = barFor(values.json === true ? { ...io, stdout: io.stderr } : io);
    const cleanse = () => ecosystem.cleanse({ dryRun, progress: bar });
    const summary = dryRun ? await cleanse() : await recordedRun({ store, clock: systemClock }, cleanse);
    if (!dryRun) await store.announce(DELIVERY_TOPIC);
    bar.finish();
    io.stdout.write(values.json === true ? `${JSON.stringify(summary)}\n` : inWords(summary, dryRun));
    return 0;
  } finally {
    await close();
  }
}

function barFor(io: Io) {
  let bar: ProgressBar | undefined;
  return {
    total(entries: number) {
      if (entries > 0) bar = progressBar(io, entries);
    },
    done(entries: number) {
      for (let entry = 0; entry < entries; entry++) bar?.advance(false);
    },
    finish: () => bar?.finish(),
  };
}

function inWords({ roots, vehicles, contracts, events }: CleansingSummary, dryRun: boolean): string {
  const columns = [{ title: dryRun ? 'WOULD GO' : 'REMOVED' }, ...['EXPIRED', 'REVOKED'].map(rightAligned)];
  const rows = Object.entries({ roots, vehicles, contracts }).map(([what, { expired, revoked }]) => [
    what,
    String(expired),
    String(revoked),
  ]);
  const more = dryRun ? '' : `with their vehicles: ${contracts.withVehicle} contracts; old events: ${events}\n`;
  return `${formatTable(columns, rows)}${more}`;
}

function rightAligned(title: string) {
  return { title, align: 'right' } as const;
}
