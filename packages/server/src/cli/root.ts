import { formatName } from '@plugpool/iso15118';
import { eventLog } from '../events/event-log.ts';
import { systemClock } from '../kernel/clock.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { ROOT_TYPES, type RootCertificate, type RootType } from '../rcp/root-certificate.ts';
import { type RootCertificatePool, rootCertificatePool } from '../rcp/root-certificate-pool.ts';
import { openStore } from '../store/store.ts';
import { certificatesInFile } from './certificate-file.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage, opening } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions } from './options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool root import FILE… --type TYPE [--ctl NAME] [OPTIONS]
       plugpool root list [--json] [OPTIONS]
       plugpool root remove ID… [OPTIONS]

Works on the database itself, while a server runs or not. FILE holds DER, or PEM with one or more certificates; a root
that is there already gets the new types as well.

  --type TYPE          ${ROOT_TYPES.join(', ')}; more than once for a root of several types
  --ctl NAME           a certificate trust list that recognises the root; more than once
  --json               for list and import: one JSON array
${databaseUsage}`;

const options = {
  ...databaseOptions,
  type: { type: 'string', multiple: true },
  ctl: { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...rest] = positionals;
  const action = oneOf(word, 'the first word', ['import', 'list', 'remove']);
  const types = (values.type ?? []).map((type) => oneOf(type.toUpperCase(), '--type', ROOT_TYPES));
  if (action === 'list' ? rest.length > 0 : rest.length === 0) {
    throw new UsageError({ import: 'name a file', list: 'list takes no names', remove: 'name an ID' }[action]);
  }
  if (action === 'import' && types.length === 0) {
    throw new UsageError(`--type is missing, one of ${ROOT_TYPES.join(', ')}`);
  }
  const location = databaseLocation(values, io.env);
  const store = await opening(location, () => openStore(location));
  try {
    const rcp = rootCertificatePool({ store, clock: systemClock, record: eventLog({ clock: systemClock }) });
    const asJson = values.json === true;
    switch (action) {
      case 'import':
        return await importRoots(rcp, rest, { types, ctlList: values.ctl ?? [], asJson }, io);
      case 'list':
        return listRoots(await rcp.list(), asJson, io);
      case 'remove':
        return await removeRoots(rcp, rest, io);
    }
  } finally {
    await store.close();
  }
}

interface ImportOptions {
  readonly types: readonly RootType[];
  readonly ctlList: readonly string[];
  readonly asJson: boolean;
}

/** One file that cannot be read does not keep the others out. */
async function importRoots(
  rcp: RootCertificatePool,
  files: readonly string[],
  { types, ctlList, asJson }: ImportOptions,
  io: Io,
): Promise<number> {
  const imported: RootCertificate[] = [];
  let failed = false;
  for (const file of files) {
    try {
      for (const certificate of await certificatesInFile(file))
        imported.push(await rcp.add({ certificate, types, ctlList }));
    } catch (error) {
      failed = true;
      // A failure to read names the file itself.
      const reason = error instanceof CommandFailure ? error.message : `${file}: ${reasonOf(error)}`;
      io.stderr.write(`plugpool root: ${reason}\n`);
    }
  }
  if (asJson) io.stdout.write(`${JSON.stringify(imported.map(inJson))}\n`);
  else
    for (const { id, types, certificate } of imported)
      io.stdout.write(`${id}  ${types.join(',')}  ${formatName(certificate.subject)}\n`);
  return failed ? 1 : 0;
}

function listRoots(roots: readonly RootCertificate[], asJson: boolean, io: Io): number {
  if (asJson) {
    io.stdout.write(`${JSON.stringify(roots.map(inJson))}\n`);
    return 0;
  }
  const columns = ['ID', 'TYPES', 'VALID TO', 'SUBJECT'].map((title) => ({ title }));
  const rows = roots.map(({ id, types, certificate }) => [
    id,
    types.join(','),
    new Date(certificate.notAfter).toISOString().slice(0, 10),
    formatName(certificate.subject),
  ]);
  io.stdout.write(rows.length === 0 ? 'no root certificates\n' : formatTable(columns, rows));
  return 0;
}

async function removeRoots(rcp: RootCertificatePool, ids: readonly string[], io: Io): Promise<number> {
  let failed = false;
  for (const id of ids) {
    try {
      await rcp.remove(id);
      io.stdout.write(`removed ${id}\n`);
    } catch (error) {
      failed = true;
      io.stderr.write(`plugpool root: ${id}: ${reasonOf(error)}\n`);
    }
  }
  return failed ? 1 : 0;
}

function inJson({ id, certificate, types, ctlList, addedAt }: RootCertificate) {
  return {
    id,
    types,
    ctlList,
    subject: formatName(certificate.subject),
    serialNumber: certificate.serialHex,
    fingerprint: certificate.fingerprint,
    validFrom: new Date(certificate.notBefore).toISOString(),
    validTo: new Date(certificate.notAfter).toISOString(),
    addedAt: new Date(addedAt).toISOString(),
  };
}

/** What the user can do something about, in words; everything else is a defect and goes on. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.errorMessages.join('; ');
  throw error;
}
