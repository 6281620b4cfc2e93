/** The company in whose name the fleet is driven: OEM, eMSP and CPO in one, with the tokens that it shows. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type AccessTokens, clientCredentials } from '@plugpool/client';
import type { BenchDatabase } from './databases.ts';
import { locationOf, ownEnvironment, program } from './plugpool-process.ts';

export const WMI = 'WPP';
export const PROVIDER_ID = 'DEPPL';

const ROLES = ['oem', 'emsp', 'cpo'];

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Added with the command that operators use, while the server runs. */
export async function addParty(url: string, database: BenchDatabase): Promise<AccessTokens> {
  return clientCredentials({ tokenUrl: url, ...(await addedParty(database)) });
}

/** The same, to ask for tokens with later. */
export async function addedParty(database: BenchDatabase): Promise<Credentials> {
  const identifiers = ['--wmi', WMI, '--provider-id', PROVIDER_ID, '--operator-id', 'DEPPL'];
  const add = ['party', 'add', '--role', ROLES.join(), ...identifiers, '--json', ...locationOf(database)];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...add], { env: ownEnvironment() });
  const { clientId, clientSecret } = JSON.parse(stdout);
  return { clientId, clientSecret };
}
