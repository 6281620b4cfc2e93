/** Credentials of the roles, for servers that ask for them: OAuth 2 client credentials (RFC 6749 §4.4) from a file. */
import { readFile } from 'node:fs/promises';
import { type AccessTokens, CallError, clientCredentials } from '@plugpool/client';
import { CommandFailure } from './command.ts';

export const roles = ['oem', 'emsp', 'cpo', 'cps', 'operator'] as const;
export type Role = (typeof roles)[number];

/** The tokens of each role that the file knows. */
export type RoleTokens = ReadonlyMap<Role, AccessTokens>;

/** There is no token; the message says whose and why, and nothing of the answer. */
export class NoToken extends Error {
  override readonly name = 'NoToken';
}

export const credentialOptions = {
  credentials: { type: 'string' },
  'token-url': { type: 'string' },
} as const;

export const credentialUsage = `  --credentials FILE        for servers with access control, JSON: {"oem": {"clientId": …, "clientSecret": …}, …} for
                            oem, emsp, cpo, cps and operator, as far as you have them
  --token-url URL           where tokens are had (URL/oauth/token)
`;

interface Access {
  readonly url: string;
  readonly tokenUrl: string | undefined;
  readonly timeoutMilliseconds: number;
}

/**
 * @param file JSON: for each role `{"clientId", "clientSecret"}`, as `plugpool party add --json` prints it
 * @throws CommandFailure when it cannot be read; the tokens throw `NoToken`
 */
export async function roleTokens(file: string, { url, tokenUrl, timeoutMilliseconds }: Access): Promise<RoleTokens> {
  const json = new Map<string, unknown>(Object.entries(Object(await readJson(file))));
  return new Map(
    roles.flatMap((role): [Role, AccessTokens][] => {
      const client = new Map<string, unknown>(Object.entries(Object(json.get(role))));
      const [clientId, clientSecret] = [client.get('clientId'), client.get('clientSecret')];
      if (typeof clientId !== 'string' || typeof clientSecret !== 'string') return [];
      const tokens = clientCredentials({
        ...{ clientId, clientSecret, timeoutMilliseconds },
        tokenUrl: tokenUrl ?? `${url}/oauth/token`,
      });
      return [[role, { current: () => tokenFor(tokens, clientId), refused: tokens.refused }]];
    }),
  );
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(`${file} cannot be read: ${why}`, { cause });
  }
}

async function tokenFor(tokens: AccessTokens, clientId: string): Promise<string> {
  try {
    return await tokens.current();
  } catch (cause) {
    if (!(cause instanceof CallError)) throw cause;
    // The answer of a token endpoint can quote the secret, so its status alone is told.
    const why = cause.status === undefined ? cause.kind : `answered ${cause.status}`;
    throw new NoToken(`no token for ${clientId.slice(0, LONGEST_ID)}: ${why}`, { cause });
  }
}

const LONGEST_ID = 200;
