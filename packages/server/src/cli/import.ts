import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Certificate } from '@plugpool/iso15118';
import { buildEcosystem } from '../compose/ecosystem-of-rooms.ts';
import { systemClock } from '../kernel/clock.ts';
import { noteCounter } from '../observe/logger.ts';
import type { ProvisioningCertificatePool } from '../pcp/provisioning-certificate-pool.ts';
import { certificatesInFile } from './certificate-file.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Entry, Source } from './import/entry.ts';
import { folderSource } from './import/folder-source.ts';
import { importReport, type Report, reportInWords } from './import/import-report.ts';
import { ndjsonSource } from './import/ndjson-source.ts';
import { nameOf, publishedBatches } from './import/published-batches.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { openPki } from './pki/open-pki.ts';
import { progressBar } from './progress-bar.ts';
import { writeAll } from './written.ts';

export const usage = `Usage: plugpool import FOLDER|FILE [--sub-ca FILE]… [--rejects FILE] [--json] [OPTIONS]

Publishes many vehicles at once, with the checks that publishing over HTTP makes. Works on the database itself, while a
server runs or not. What is in the pool already just as it comes is passed over, so an import that was broken off is
started again and goes on where it was.

  FOLDER               each .pem, .crt, .cer or .der file in it and below: a vehicle certificate with its sub CAs in any
                       order, or alone
  FILE                 one JSON object a line, in the fields by which OPNC or OPCP publish a vehicle; what
                       \`plugpool export --pool pcp\` writes is read as well
  --sub-ca FILE        PEM or DER with sub CAs of vehicles whose files have none; more than once for several
  --rejects FILE       writes what did not come in, one JSON object a line: place, pcid, messages
  --json               the report as one JSON object
${databaseUsage}
Revocation is asked for as PLUGPOOL_REVOCATION has it: certificates that name a responder cost a request each.`;

const options = {
  ...databaseOptions,
  'sub-ca': { type: 'string', multiple: true },
  rejects: { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** 0 when everything is in the pool, 1 when something was rejected. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [from, further] = positionals;
  if (from === undefined) throw new UsageError('name a folder or a file');
  if (further !== undefined) throw new UsageError(`"${further}" is one word too many`);
  const authorities = (await Promise.all((values['sub-ca'] ?? []).map(certificatesInFile))).flat();
  const source = await sourceAt(from, authorities);
  const { store, keys, pki, parties, settings, close } = await openPki(values, io);
  try {
    const notes = noteCounter();
    const { secrets } = keys;
    const ecosystem = buildEcosystem({
      store,
      clock: systemClock,
      logger: notes.logger,
      pki,
      secrets,
      parties,
      settings,
    });
    const asJson = values.json === true;
    const work = { pcp: ecosystem.pcp, source, rejects: values.rejects };
    const report = await importAll(work, asJson ? { ...io, stdout: io.stderr } : io);
    const whole = { ...report, notes: notes.counts() };
    io.stdout.write(asJson ? `${JSON.stringify(whole)}\n` : reportInWords(whole));
    return report.rejected === 0 ? 0 : 1;
  } finally {
    await close();
  }
}

async function sourceAt(path: string, authorities: readonly Certificate[]): Promise<Source> {
  try {
    return (await stat(path)).isDirectory() ? folderSource(path, authorities) : ndjsonSource(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause) {
      throw new CommandFailure(`${path} cannot be read (${String(cause.code)})`, { cause });
    }
    throw cause;
  }
}

interface Work {
  readonly pcp: ProvisioningCertificatePool;
  readonly source: Source;
  /** File for what does not come in. */
  readonly rejects: string | undefined;
}

async function importAll({ pcp, source, rejects }: Work, io: Io): Promise<Report> {
  const total = await source.count();
  const report = importReport();
  const file = rejects === undefined ? undefined : createWriteStream(rejects, { mode: 0o600 });
  const bar = progressBar(io, total);
  for await (const batch of publishedBatches(pcp, source.entries())) {
    const lines: string[] = [];
    for (const { entry, outcome } of batch) {
      report.add(entry.place, outcome);
      if (typeof outcome !== 'string') lines.push(`${JSON.stringify({ ...namesOf(entry), messages: outcome })}\n`);
      bar.advance(typeof outcome !== 'string');
    }
    if (file !== undefined && lines.length > 0) await writeAll(file, lines.join(''));
  }
  bar.finish();
  if (file !== undefined) await closed(file);
  return report.summary();
}

function namesOf(entry: Entry) {
  const pcid = nameOf(entry);
  return { place: entry.place, ...(pcid !== undefined && { pcid }) };
}

async function closed(file: Writable): Promise<void> {
  file.end();
  await finished(file);
}
