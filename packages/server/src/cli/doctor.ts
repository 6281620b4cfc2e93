/** Looks at a deployment as its operator would, and says what to do. */
import { SettingsError } from '../given-options.ts';
import { readSettings, type Settings } from '../settings.ts';
import type { Store } from '../store/store.ts';
import { UsageError } from './command.ts';
import { auditFinding, databaseFindings } from './doctor/database-findings.ts';
import { type Finding, skipped } from './doctor/finding.ts';
import { keyFindings, rootFindings } from './doctor/key-findings.ts';
import { peerFindings, publicUrlFindings, traceFindings, webhookFindings } from './doctor/network-findings.ts';
import { settingsFindings } from './doctor/settings-findings.ts';
import type { Io } from './io.ts';
import { paintFor } from './paint.ts';

export const usage = `Usage: plugpool doctor [--json] [OPTIONS OF serve]

Checks a deployment and says what to do: configuration, database and its version, migrations, clock, master secret and
keys, ends of authorities and roots, whether OCSP and revocation lists are reached under the public URL, peers, the collector
of traces, webhook endpoints, and the chain of the audit log. Takes the options, environment and file of \`plugpool serve\`, reads, and changes
nothing. To peers, collector and webhook endpoints it sends a GET of their address without a body.

  --json    one JSON array

1 when something fails; what is only a warning does not change the exit code.`;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const asJson = argv.includes('--json');
  const settings = settingsFrom(
    argv.filter((word) => word !== '--json'),
    io,
  );
  const findings = [...settingsFindings(settings), ...(await findingsOf(settings))];
  io.stdout.write(asJson ? `${JSON.stringify(findings)}\n` : inWords(findings, io));
  return findings.some(({ verdict }) => verdict === 'failure') ? 1 : 0;
}

function settingsFrom(argv: readonly string[], io: Io): Settings {
  try {
    return readSettings(argv, io.env, (text) => io.stderr.write(`plugpool doctor: ${text}\n`));
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

async function findingsOf(settings: Settings): Promise<Finding[]> {
  const { findings, store } = await databaseFindings(settings.location);
  if (store === undefined) return [...findings, skipped('everything else', 'it needs a database that is up to date')];
  try {
    return [...findings, ...(await findingsOn(store, settings))];
  } finally {
    await store.close();
  }
}

async function findingsOn(store: Store, settings: Settings): Promise<Finding[]> {
  const { findings, authorities, keys } = await keyFindings(settings, store);
  try {
    const [authority] = authorities.filter(({ name }) => name.includes('sub2'));
    return [
      ...findings,
      ...(await rootFindings(store)),
      ...(await publicUrlFindings(settings, authority?.name)),
      ...(keys === undefined ? [] : await peerFindings(settings, store, keys.secrets)),
      ...(await traceFindings(settings)),
      ...(await webhookFindings(settings, store)),
      await auditFinding(store),
    ];
  } finally {
    await keys?.close();
  }
}

function inWords(findings: readonly Finding[], io: Io): string {
  const paint = paintFor(io);
  const marks = {
    ok: paint.good('ok     '),
    warning: paint.warning('warning'),
    failure: paint.bad('failure'),
    skipped: paint.faint('skipped'),
  };
  const lines = findings.map(({ check, verdict, found, advice }) => {
    const todo = advice === undefined ? '' : `\n${' '.repeat(9)}→ ${advice}`;
    return `${marks[verdict]}  ${check}: ${found}${todo}\n`;
  });
  const count = (verdict: Finding['verdict']) => findings.filter((each) => each.verdict === verdict).length;
  return `${lines.join('')}\n${count('failure')} failures, ${count('warning')} warnings\n`;
}
