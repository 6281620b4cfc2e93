/** Who the peers are, how they are asked, and what is done with what they tell. */
import { type Federation, type FederationNeeds, federation as federationOf } from '../federation/federation.ts';
import { peerClients } from '../federation/peer-clients.ts';
import { type PeerEvents, type PeerEventsNeeds, peerEvents } from '../federation/peer-events.ts';
import { type PeerRegister, peerRegister } from '../federation/peer-register.ts';
import { type PeerRoots, peerRoots } from '../federation/peer-roots.ts';
import type { WatchPeers } from '../federation/peer-watch.ts';
import { outgoingHttp } from '../outgoing/outgoing-http.ts';
import type { RootCertificatePool } from '../rcp/root-certificate-pool.ts';
import type { Parts } from './ecosystem-of-rooms.ts';

export interface Peers {
  readonly register: PeerRegister;
  readonly federation: Federation;
  readonly events: PeerEvents;
  readonly rootsOf: (peerId: string) => Promise<PeerRoots>;
}

interface PeerParts
  extends Pick<Parts, 'store' | 'clock' | 'secrets' | 'settings'>,
    Pick<FederationNeeds, 'ccp' | 'note'> {
  readonly rcp: Pick<RootCertificatePool, 'list'>;
  readonly pcp: FederationNeeds['pcp'] & PeerEventsNeeds['pcp'];
  readonly watch: WatchPeers | undefined;
}

export function peersOfRooms(parts: PeerParts): Peers {
  const { store, clock, secrets, settings, rcp, pcp, ccp, note, watch = () => undefined } = parts;
  const { peers: configured, peerDeadlineMs: deadlineMs, publicUrl } = settings;
  const register = peerRegister({ store, clock, secrets, configured, targets: settings });
  const send = outgoingHttp({
    get allowPrivateTargets() {
      return settings.allowPrivateTargets;
    },
    handsTraceOn: true,
  });
  const clientsOf = peerClients({ send, deadlineMs });
  const federation = federationOf({
    ...{ clock, clientsOf, deadlineMs, pcp, ccp, note, watch },
    peers: register.list,
  });
  return {
    register,
    federation,
    events: peerEvents({ store, clock, secrets, register, clientsOf, federation, pcp, publicUrl, deadlineMs }),
    async rootsOf(peerId) {
      const clients = await clientsOf(await register.get(peerId));
      return await peerRoots({ clients, ours: await rcp.list(), now: clock.now(), deadlineMs });
    },
  };
}
