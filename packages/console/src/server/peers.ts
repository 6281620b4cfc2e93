import { type Certificate, readCertificate } from '@plugpool/iso15118';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface Peer {
  readonly id: string;
  readonly baseUrl: string;
  readonly dialect: string;
  readonly roles: readonly string[];
  readonly priority: number;
  readonly enabled: boolean;
  readonly source: 'configuration' | 'register';
  readonly clientId?: string;
  /** It failed, and the process that answered leaves it alone for a while. */
  readonly resting: boolean;
}

export interface NewPeer {
  readonly baseUrl: string;
  readonly dialect: string;
  readonly priority: number;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface PeerRoot {
  readonly certificate: Certificate;
  readonly types: readonly string[];
  readonly trusted: boolean;
}

const PEERS = ['peers'];

export function usePeers() {
  return useQuery({
    queryKey: PEERS,
    queryFn: async () => (await ask<{ peers: readonly Peer[] }>('/admin/v1/peers')).peers,
    refetchInterval: 10_000,
  });
}

/** As the peer says right now. */
export function usePeerRoots(id: string) {
  return useQuery({
    queryKey: [...PEERS, id, 'roots'],
    queryFn: async (): Promise<PeerRoot[]> => {
      const { roots } = await ask<{ roots: readonly (Omit<PeerRoot, 'certificate'> & { certificate: string })[] }>(
        `${pathOf(id)}/roots`,
      );
      return roots.map((root) => ({ ...root, certificate: readCertificate(Buffer.from(root.certificate, 'base64')) }));
    },
  });
}

export function useAddPeer(done: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (peer: NewPeer) => ask('/admin/v1/peers', { method: 'POST', body: peer }),
    onSuccess: async () => {
      done();
      await queries.invalidateQueries({ queryKey: PEERS });
    },
  });
}

export function changePeer(id: string, changes: { readonly enabled: boolean }): Promise<unknown> {
  return ask(pathOf(id), { method: 'PUT', body: changes });
}

export async function removePeer(id: string): Promise<void> {
  await ask(pathOf(id), { method: 'DELETE' });
}

export function trustRoot({ certificate, types }: PeerRoot): Promise<unknown> {
  const body = { certificate: Buffer.from(certificate.der).toString('base64'), types };
  return ask('/admin/v1/roots', { method: 'POST', body });
}

function pathOf(id: string): string {
  return `/admin/v1/peers/${encodeURIComponent(id)}`;
}
