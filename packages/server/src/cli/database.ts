import { SettingsError } from '../given-options.ts';
import { readLocation } from '../settings.ts';
import { hostsOf } from '../store/postgresql-hosts.ts';
import type { StoreLocation } from '../store/store.ts';
import { CommandFailure, UsageError } from './command.ts';

/** The options by which every command that works on the data says where it is. */
export const databaseOptions = { data: { type: 'string' }, 'database-url': { type: 'string' } } as const;

export const databaseUsage = `  --data DIR           folder of the embedded database (./data; PLUGPOOL_DATA)
  --database-url URL   PostgreSQL instead (PLUGPOOL_DATABASE_URL, DATABASE_URL)
`;

interface DatabaseValues {
  readonly data?: string | undefined;
  readonly 'database-url'?: string | undefined;
}

/** Where the data is, by flag, environment or configuration file. @throws UsageError */
export function databaseLocation(values: DatabaseValues, env: Readonly<Record<string, string | undefined>>) {
  try {
    const location: StoreLocation = readLocation({ data: values.data, databaseUrl: values['database-url'] }, env);
    return location;
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

/** In words, without the password that a URL may hold. */
export function locationInWords(location: StoreLocation): string {
  if ('dataDirectory' in location) return location.dataDirectory;
  const servers = hostsOf(location.databaseUrl).map((url) => new URL(url));
  return `PostgreSQL ${servers.map(({ host }) => host).join(',')}${servers[0]?.pathname ?? ''}`;
}

/** Opens what `open` opens. @throws CommandFailure when the folder cannot be used or the server cannot be reached */
export async function opening<T>(location: StoreLocation, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    throw new CommandFailure(
      `${locationInWords(location)} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}
