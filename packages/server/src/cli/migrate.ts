import type { MigrationNote } from '../store/migrate.ts';
import { openStore } from '../store/store.ts';
import { UsageError } from './command.ts';
import { databaseLocation, databaseOptions, databaseUsage, locationInWords, opening } from './database.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';

export const usage = `Usage: plugpool migrate [OPTIONS]

Applies the migrations that the database does not have yet and names them. \`serve\` does the same when it starts; this
command is for those who want to do it at a time of their own: servers may go on working. When it is ended half-way, the
next one goes on where it was.

${databaseUsage}`;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, databaseOptions);
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is one word too many`);
  const location = databaseLocation(values, io.env);
  const migrated = (names: readonly string[]) => {
    for (const name of names) io.stdout.write(`applied ${name}\n`);
  };
  const migrating: MigrationNote = (message, details) => {
    const known = Object.entries(details).map(([name, value]) => `${name} ${value}`);
    io.stderr.write(`${[message, known.join(', ')].filter((part) => part !== '').join(': ')}\n`);
  };
  const store = await opening(location, () => openStore(location, { migrated, migrating }));
  await store.close();
  io.stdout.write(`${locationInWords(location)} is up to date\n`);
  return 0;
}
