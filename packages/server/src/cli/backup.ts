import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { copyMasterSecret } from '../keys/master-secret.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import { backUpSqlite } from '../store/sqlite-backup.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';

export const usage = `Usage: plugpool backup FILE [--without-master-secret] [OPTIONS]

Copies the embedded database into FILE while it is in use, and checks the copy. The private keys in it are sealed under
the master secret, without which they are lost: it is written beside, into FILE.master.key. Who has both files has the
keys. PostgreSQL is backed up with its own programs; docs/backup.md says how, and how to restore.

  --without-master-secret  leaves it out, for those who keep it elsewhere
${databaseUsage}`;

const options = { ...databaseOptions, 'without-master-secret': { type: 'boolean' } } as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [file, further] = positionals;
  if (file === undefined) throw new UsageError('name the file to write');
  if (further !== undefined) throw new UsageError(`"${further}" is one word too many`);
  const location = databaseLocation(values, io.env);
  if (!('dataDirectory' in location)) {
    throw new CommandFailure('PostgreSQL is backed up with pg_dump or a base backup; see docs/backup.md');
  }
  const { dataDirectory } = location;
  const secretFile = `${file}.master.key`;
  for (const path of [file, secretFile]) {
    if (await exists(path)) throw new CommandFailure(`${path} is there already`);
  }
  if (!(await exists(join(dataDirectory, DATABASE_FILE)))) {
    throw new CommandFailure(`there is no database in ${dataDirectory}`);
  }
  await reported(file, () => backUpSqlite(dataDirectory, file));
  const megabytes = (await stat(file)).size / 1_000_000;
  io.stdout.write(`${file}  ${megabytes.toFixed(1)} MB, checked\n`);
  if (values['without-master-secret'] === true) {
    io.stdout.write('The master secret is not in it: without it the private keys in the backup are lost.\n');
  } else if (await reported(secretFile, () => copyMasterSecret(dataDirectory, secretFile))) {
    io.stdout.write(`${secretFile}  the master secret; who has both files has the private keys\n`);
  } else {
    io.stdout.write(
      `There is no master secret in ${dataDirectory}: keep the one that is configured, or the keys are lost.\n`,
    );
  }
  return 0;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function reported<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(`${file} could not be written: ${reason}`, { cause });
  }
}
