/** Credentials of the roles, for servers that ask for them: OAuth 2 client credentials (RFC 6749 §4.4). */
import { readFile } from 'node:fs/promises';
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
  const tokens = new Map<Role, Promise<string>>();
  return {
    given: true,
    async tokenOf(role) {
      const client = clients.get(role);
      if (client === undefined) throw new CheckSkipped(`${file} has no credentials for the role ${role}`);
      const asking = tokens.get(role) ?? askToken(tokenUrl, client, timeoutMilliseconds);
      tokens.set(role, asking);
      return await asking;
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

async function askToken(url: string, { clientId, clientSecret }: Client, timeoutMilliseconds: number): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
    signal: AbortSignal.timeout(timeoutMilliseconds),
    redirect: 'error',
  });
  const text = await response.text();
  const token = response.ok ? memberOf(JSON.parse(text), 'access_token') : undefined;
  if (typeof token === 'string') return token;
  // The answer of a token endpoint can quote the secret, so its status alone is told.
  throw new CheckSkipped(`no token for ${shortened(clientId)}: ${url} answered ${response.status}`);
}
