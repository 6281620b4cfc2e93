/** Peers, for operators. */
import { Type } from 'typebox';
import { base64 } from '../../dialects/response-fields.ts';
import type { Ecosystem } from '../../ecosystem.ts';
import type { Peer } from '../../federation/peer.ts';
import { type Route, route } from '../../http/route.ts';
import {
  NewPeerBody,
  newPeerOf,
  PeerChangesBody,
  PeerRootShape,
  PeerShape,
  peerAnswer,
  peerChangesOf,
} from './peer-shapes.ts';

const PeerPath = Type.Object({ peerId: Type.String() });

export function peerRoutes({ peers, federation, rcp }: Pick<Ecosystem, 'peers' | 'federation' | 'rcp'>): Route[] {
  const shown = (peer: Peer) => peerAnswer(peer, federation.isResting(peer.id));
  return [
    route('GET', '/admin/v1/peers', {
      operation: 'adminListPeers',
      summary: 'Lists the peers, those that are asked first in front',
      answers: { 200: Type.Object({ peers: Type.Array(PeerShape) }) },
      handle: async () => ({ status: 200, body: { peers: (await peers.list()).map(shown) } }),
    }),

    route('POST', '/admin/v1/peers', {
      operation: 'adminAddPeer',
      summary: 'Adds a peer, which is asked for what is unknown here from now on',
      body: NewPeerBody,
      answers: { 201: PeerShape },
      refusals: ['field-missing', 'field-invalid'],
      handle: async ({ body }) => ({ status: 201, body: shown(await peers.add(newPeerOf(body))) }),
    }),

    route('GET', '/admin/v1/peers/:peerId', {
      operation: 'adminGetPeer',
      summary: 'Gets one peer',
      params: PeerPath,
      answers: { 200: PeerShape },
      refusals: ['peer-not-found'],
      handle: async ({ params }) => ({ status: 200, body: shown(await peers.get(params.peerId)) }),
    }),

    route('GET', '/admin/v1/peers/:peerId/roots', {
      operation: 'adminListPeerRoots',
      summary: 'Asks a peer for its roots, and tells which of them are trusted here',
      params: PeerPath,
      answers: { 200: Type.Object({ roots: Type.Array(PeerRootShape) }) },
      refusals: ['peer-not-found', 'peer-unanswered'],
      handle: async ({ params }) => {
        const roots = await federation.rootsOf(await peers.get(params.peerId));
        const own = new Set((await rcp.list()).map(({ certificate }) => certificate.fingerprint));
        const answers = roots.map(({ certificate, types }) => ({
          certificate: base64(certificate.der),
          types: [...types],
          trusted: own.has(certificate.fingerprint),
        }));
        return { status: 200, body: { roots: answers } };
      },
    }),

    route('PUT', '/admin/v1/peers/:peerId', {
      operation: 'adminChangePeer',
      summary: 'Changes a peer; what is left out stays as it is',
      params: PeerPath,
      body: PeerChangesBody,
      answers: { 200: PeerShape },
      refusals: ['peer-not-found', 'field-missing', 'field-invalid'],
      handle: async ({ params, body }) => {
        return { status: 200, body: shown(await peers.change(params.peerId, peerChangesOf(body))) };
      },
    }),

    route('DELETE', '/admin/v1/peers/:peerId', {
      operation: 'adminRemovePeer',
      summary: 'Removes a peer; what came from it stays',
      params: PeerPath,
      answers: { 200: null },
      refusals: ['peer-not-found', 'field-invalid'],
      handle: async ({ params }) => {
        await peers.remove(params.peerId);
        return { status: 200 };
      },
    }),
  ];
}
