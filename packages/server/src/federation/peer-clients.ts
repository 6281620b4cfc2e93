/** The clients by which peers are called: the dialect of each, its tokens, and the guarded way out. */
import type { HttpCallerOptions, RoleClients } from '@plugpool/client';
import { whoActs } from '../kernel/acting.ts';
import { forwarding } from '../kernel/forwarding.ts';
import { outgoingFetch } from '../outgoing/outgoing-fetch.ts';
import type { SendOutgoing } from '../outgoing/outgoing-http.ts';
import type { Peer } from './peer.ts';

const LARGEST_ANSWER = 1024 * 1024;

export interface PeerClientNeeds {
  readonly send: SendOutgoing;
  readonly deadlineMs: number;
}

export type ClientsOf = (peer: Peer) => Promise<RoleClients>;

/** The same clients for the same peer, so that its token is asked for once. */
export function peerClients(needs: PeerClientNeeds): ClientsOf {
  const held = new Map<string, { readonly description: string; readonly clients: Promise<RoleClients> }>();
  return async (peer) => {
    const description = JSON.stringify([peer.dialect, peer.baseUrl, peer.credentials]);
    const before = held.get(peer.id);
    if (before?.description === description) return await before.clients;
    const clients = clientsOf(peer, needs);
    held.set(peer.id, { description, clients });
    return await clients;
  };
}

async function clientsOf(
  { baseUrl, dialect, credentials }: Peer,
  { send, deadlineMs }: PeerClientNeeds,
): Promise<RoleClients> {
  const { clientCredentials, opcpClient, opncClient } = await import('@plugpool/client');
  const fetch = outgoingFetch(send, { maxBytes: LARGEST_ANSWER, deadlineMs });
  const options: HttpCallerOptions = {
    baseUrl,
    fetch,
    timeoutMilliseconds: deadlineMs,
    largestAnswer: LARGEST_ANSWER,
    // Somebody waits, and there are other peers.
    retries: { times: 0 },
    headers() {
      const { traceId } = whoActs();
      const { partyHeaders } = forwarding();
      return { ...partyHeaders, broadcast: 'true', ...(traceId !== undefined && { 'x-request-id': traceId }) };
    },
    ...(credentials && {
      tokens: clientCredentials({
        ...credentials,
        tokenUrl: credentials.tokenUrl ?? `${baseUrl}/oauth/token`,
        fetch,
        timeoutMilliseconds: deadlineMs,
      }),
    }),
  };
  return dialect === 'opcp' ? opcpClient(options) : opncClient(options);
}
