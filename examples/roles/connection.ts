/** What all examples take: the address of an ecosystem, and credentials where it asks for them. */
import { clientCredentials, opncClient, type RoleClients } from '@plugpool/client';

/**
 * Clients for the ecosystem that the first argument names. `PLUGPOOL_CLIENT_ID` and `PLUGPOOL_CLIENT_SECRET` are needed
 * where it runs with authentication. An ecosystem that speaks the OPCP: `opcpClient` with the same options.
 */
export function ecosystem(baseUrl = 'http://127.0.0.1:8080'): RoleClients {
  const { PLUGPOOL_CLIENT_ID: clientId, PLUGPOOL_CLIENT_SECRET: clientSecret } = process.env;
  if (clientId === undefined || clientSecret === undefined) return opncClient({ baseUrl });
  const tokens = clientCredentials({ tokenUrl: baseUrl, clientId, clientSecret, audience: baseUrl });
  return opncClient({ baseUrl, tokens });
}

/** An argument of the command line, or a word on what is missing. */
export function given(argument: string | undefined, name: string): string {
  if (argument !== undefined) return argument;
  throw new Error(`${name} is missing on the command line; the head of the script lists what it takes`);
}
