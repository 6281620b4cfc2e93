/** Who the peers are, and how they are asked. */
import { type Federation, type FederationNeeds, federation } from '../federation/federation.ts';
import { peerClients } from '../federation/peer-clients.ts';
import { type PeerRegister, peerRegister } from '../federation/peer-register.ts';
import type { WatchPeers } from '../federation/peer-watch.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { Parts } from './ecosystem-of-rooms.ts';

export interface Peers {
  readonly register: PeerRegister;
  readonly federation: Federation;
}

type PeerParts = Pick<Parts, 'store' | 'clock' | 'secrets' | 'settings'> &
  Pick<FederationNeeds, 'pcp' | 'ccp' | 'note'> & { readonly watch: WatchPeers | undefined };

export function peersOfRooms({
  store,
  clock,
  secrets,
  settings,
  pcp,
  ccp,
  note,
  watch = () => undefined,
}: PeerParts): Peers {
  const { peers: configured, peerDeadlineMs: deadlineMs, allowPrivateTargets } = settings;
  const register = peerRegister({ store, clock, secrets, configured, targets: { allowPrivateTargets } });
  const clientsOf = peerClients({ send: outgoingHttp({ allowPrivateTargets }), deadlineMs });
  return {
    register,
    federation: federation({
      ...{ clock, clientsOf, deadlineMs, pcp, ccp, note },
      peers: register.list,
      watch,
    }),
  };
}
