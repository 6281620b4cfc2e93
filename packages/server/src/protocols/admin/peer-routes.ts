/** Peers, for operators. */

import type { Ecosystem } from '../../ecosystem.ts';
import type { Peer } from '../../federation/peer.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import {
  AdoptionBody,
  AdoptionShape,
  adoptedAnswer,
  adoptionOf,
  PeerRootsShape,
  peerRootsAnswer,
  SubscriptionShape,
  subscriptionAnswer,
} from './peer-root-shapes.ts';
import { NewPeerBody, newPeerOf, PeerChangesBody, PeerShape, peerAnswer, peerChangesOf } from './peer-shapes.ts';

const PeerPath = Type.Object({ peerId: Type.String() });

type Rooms = Pick<Ecosystem, 'peers' | 'federation' | 'peerEvents' | 'rootsOfPeer' | 'approvals'>;

export function peerRoutes(rooms: Rooms): Route[] {
  return [...routesOfPeers(rooms), ...routesOfRoots(rooms), ...routesOfSubscriptions(rooms)];
}

function routesOfPeers({ peers, federation }: Rooms): Route[] {
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

function routesOfRoots({ rootsOfPeer, approvals }: Rooms): Route[] {
  return [
    route('GET', '/admin/v1/peers/:peerId/roots', {
      operation: 'adminListPeerRoots',
      summary: 'Shows the roots of a peer beside ours',
      params: PeerPath,
      answers: { 200: PeerRootsShape },
      refusals: ['peer-not-found', 'peer-unanswered'],
      handle: async ({ params }) => ({ status: 200, body: peerRootsAnswer(await rootsOfPeer(params.peerId)) }),
    }),

    route('POST', '/admin/v1/peers/:peerId/roots', {
      operation: 'adminAdoptPeerRoots',
      summary: 'Adds chosen roots of a peer to ours, or proposes it where two operators decide',
      params: PeerPath,
      body: AdoptionBody,
      answers: { 200: AdoptionShape },
      refusals: ['peer-not-found', 'peer-unanswered', 'root-not-found', 'certificate-refused'],
      handle: async ({ params, body: { roots: chosen } }) => {
        const { roots } = await rootsOfPeer(params.peerId);
        const orders = chosen.map((choice) => adoptionOf(choice, roots));
        const adopted = [];
        for (const order of orders) adopted.push(adoptedAnswer(order, await approvals.perform('root.add', order)));
        return { status: 200, body: { roots: adopted } };
      },
    }),
  ];
}

function routesOfSubscriptions({ peerEvents }: Rooms): Route[] {
  return [
    route('GET', '/admin/v1/peers/:peerId/subscription', {
      operation: 'adminGetPeerSubscription',
      summary: 'Says whether a peer tells us its events',
      params: PeerPath,
      answers: { 200: SubscriptionShape },
      refusals: ['peer-not-found', 'subscription-not-found'],
      handle: async ({ params }) => {
        return { status: 200, body: subscriptionAnswer(await peerEvents.subscription(params.peerId)) };
      },
    }),

    route('PUT', '/admin/v1/peers/:peerId/subscription', {
      operation: 'adminSubscribeToPeer',
      summary: 'Makes a webhook endpoint at a peer that tells us its events',
      params: PeerPath,
      answers: { 200: SubscriptionShape },
      refusals: ['peer-not-found', 'peer-unanswered'],
      handle: async ({ params }) => {
        return { status: 200, body: subscriptionAnswer(await peerEvents.subscribe(params.peerId)) };
      },
    }),

    route('DELETE', '/admin/v1/peers/:peerId/subscription', {
      operation: 'adminUnsubscribeFromPeer',
      summary: 'Removes our webhook endpoint at a peer',
      params: PeerPath,
      answers: { 200: null },
      refusals: ['peer-not-found', 'subscription-not-found'],
      handle: async ({ params }) => {
        await peerEvents.unsubscribe(params.peerId);
        return { status: 200 };
      },
    }),
  ];
}
