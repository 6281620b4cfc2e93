import { formatName } from '@plugpool/iso15118';
import type { Approvals } from '../approvals/approvals.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { ROOT_TYPES, type RootCertificate, type RootType } from '../rcp/root-certificate.ts';
import { openActions } from './actions/open-actions.ts';
import { asPerson, personOptions, personUsage, showProposed } from './actions/person.ts';
import { certificatesInFile } from './certificate-file.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
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
${personUsage}${databaseUsage}`;

const options = {
  ...databaseOptions,
  ...personOptions,
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
  const opened = await openActions(values, io);
  const { rcp, approvals } = opened;
  const asJson = values.json === true;
  try {
    if (action === 'list') return listRoots(await rcp.list(), asJson, io);
    const ctlList = values.ctl ?? [];
    return await asPerson(values.by, async () =>
      action === 'import'
        ? await importRoots(approvals, rest, { types, ctlList, asJson }, io)
        : await removeRoots(approvals, rest, io),
    );
  } finally {
    await opened.close();
  }
}

interface ImportOptions {
  readonly types: readonly RootType[];
  readonly ctlList: readonly string[];
  readonly asJson: boolean;
}

/** One file that cannot be read does not keep the others out. */
async function importRoots(
  approvals: Approvals,
  files: readonly string[],
  { types, ctlList, asJson }: ImportOptions,
  io: Io,
): Promise<number> {
  const imported: RootCertificate[] = [];
  let failed = false;
  for (const file of files) {
    try {
      for (const { der } of await certificatesInFile(file)) {
        const certificate = Buffer.from(der).toString('base64');
        const added = await approvals.perform('root.add', { certificate, types, ctlList });
        if ('done' in added) imported.push(added.done);
        else showProposed(added.proposed, false, asJson ? { ...io, stdout: io.stderr } : io);
      }
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

async function removeRoots(approvals: Approvals, ids: readonly string[], io: Io): Promise<number> {
  let failed = false;
  for (const id of ids) {
    try {
      const removed = await approvals.perform('root.remove', { rootId: id });
      if ('done' in removed) io.stdout.write(`removed ${id}\n`);
      else showProposed(removed.proposed, false, io);
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
