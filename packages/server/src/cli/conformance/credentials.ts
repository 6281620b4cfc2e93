/** Credentials of the roles, for servers that ask for them: OAuth 2 client credentials (RFC 6749 §4.4). */
import { readFile } from 'node:fs/promises';
import { type AccessTokens, CallError, clientCredentials } from '@plugpool/client';
import { CommandFailure } from '../command.ts';
import { memberOf, type Role, roles, shortened } from './probe.ts';
import { CheckSkipped } from './verdict.ts';

export interface Credentials {
  /** Whether any role has some, and so the server asks for them. */
  readonly given: boolean;
  /** @throws CheckSkipped for a role that has none where others have */
  tokenOf(role: Role): Promise<string | undefined>;
}

export const noCredentials: Credentials = { given: false, tokenOf: async () => undefined };

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * @param file JSON: for each role `{"clientId", "clientSecret"}`, as `plugpool party add --json` prints it
 * @throws CommandFailure
 */
export async function credentialsFrom(
  file: string,
  tokenUrl: string,
  timeoutMilliseconds: number,
): Promise<Credentials> {
  const clients = await readClients(file);
  const tokens = new Map(
    Array.from(clients, ([role, client]) => [role, clientCredentials({ ...client, tokenUrl, timeoutMilliseconds })]),
  );
  return {
    given: true,
    async tokenOf(role) {
      const [ofRole, client] = [tokens.get(role), clients.get(role)];
      if (ofRole === undefined || client === undefined) {
        throw new CheckSkipped(`${file} has no credentials for the role ${role}`);
      }
      return await tokenFor(ofRole, client.clientId);
    },
  };
}

async function readClients(file: string): Promise<ReadonlyMap<Role, Client>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  return new Map(
    roles.flatMap((role): [Role, Client][] => {
      const [clientId, clientSecret] = [memberOf(json, role, 'clientId'), memberOf(json, role, 'clientSecret')];
      return typeof clientId === 'string' && typeof clientSecret === 'string'
        ? [[role, { clientId, clientSecret }]]
        : [];
    }),
  );
}

async function tokenFor(tokens: AccessTokens, clientId: string): Promise<string> {
  try {
    return await tokens.current();
  } catch (cause) {
    if (!(cause instanceof CallError)) throw cause;
    // The answer of a token endpoint can quote the secret, so its status alone is told.
    const why = cause.status === undefined ? cause.kind : `answered ${cause.status}`;
    throw new CheckSkipped(`no token for ${shortened(clientId)}: ${why}`, { cause });
  }
}
