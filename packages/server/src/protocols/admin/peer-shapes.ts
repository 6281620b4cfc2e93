/** A peer in the operator's interface. No answer shows a secret. */
import type { Static } from 'typebox';
import { DEFAULT_PRIORITY, MOST_PRIORITY, PEER_DIALECTS, PEER_ROLES, type Peer } from '../../federation/peer.ts';
import type { NewPeer, PeerChanges } from '../../federation/peer-register.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';

const Url = Type.String({ maxLength: 2048 });
const Text = Type.String({ minLength: 1, maxLength: 500 });

const changeable = {
  dialect: Type.Optional(Type.Enum(PEER_DIALECTS, { description: 'Which dialect it is asked in (opnc).' })),
  roles: Type.Optional(
    Type.Array(Type.Enum(PEER_ROLES), { description: 'What it is asked for: roots, vehicles, contracts (all).' }),
  ),
  priority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MOST_PRIORITY,
      description: `Peers with lower numbers are asked first (${DEFAULT_PRIORITY}).`,
    }),
  ),
  enabled: Type.Optional(Type.Boolean()),
  clientId: Type.Optional(Text),
  clientSecret: Type.Optional(Text),
  tokenUrl: Type.Optional(Url),
  audience: Type.Optional(Text),
};

export const NewPeerBody = Type.Object({ baseUrl: Url, ...changeable }, { additionalProperties: false });
export const PeerChangesBody = Type.Object(changeable, { additionalProperties: false });

export const PeerShape = Type.Object({
  id: Type.String({ description: 'Follows from the base URL.' }),
  baseUrl: Type.String(),
  dialect: Type.Enum(PEER_DIALECTS),
  roles: Type.Array(Type.Enum(PEER_ROLES)),
  priority: Type.Integer(),
  enabled: Type.Boolean(),
  source: Type.Enum(['configuration', 'register'], { description: 'Peers of the configuration are changed there.' }),
  clientId: Type.Optional(Type.String()),
  tokenUrl: Type.Optional(Type.String()),
  audience: Type.Optional(Type.String()),
  createdAt: Type.Optional(Type.String()),
  resting: Type.Boolean({ description: 'It failed, and this process leaves it alone for a while.' }),
});

export function peerAnswer(peer: Peer, resting: boolean): Static<typeof PeerShape> {
  const { id, baseUrl, dialect, roles, priority, enabled, source, credentials, createdAt } = peer;
  return {
    ...{ id, baseUrl, dialect, roles: [...roles], priority, enabled, source, resting },
    ...(credentials && { clientId: credentials.clientId }),
    ...(credentials?.tokenUrl !== undefined && { tokenUrl: credentials.tokenUrl }),
    ...(credentials?.audience !== undefined && { audience: credentials.audience }),
    ...(createdAt !== undefined && { createdAt: new Date(createdAt).toISOString() }),
  };
}

export function newPeerOf({ baseUrl, ...body }: Static<typeof NewPeerBody>): NewPeer {
  const { dialect = 'opnc', roles = PEER_ROLES, priority = DEFAULT_PRIORITY, ...rest } = peerChangesOf(body);
  const { credentials, ...switches } = rest;
  return { baseUrl, dialect, roles, priority, ...switches, ...(credentials && { credentials }) };
}

/** Throws `field-missing` when an id comes without its secret, or the other way round. */
export function peerChangesOf(body: Static<typeof PeerChangesBody>): PeerChanges {
  const { clientId, clientSecret, tokenUrl, audience, ...changes } = body;
  if (clientId === undefined && clientSecret === undefined) {
    if (tokenUrl !== undefined || audience !== undefined) throw refuse('field-missing', 'clientId');
    return changes;
  }
  if (clientId === undefined) throw refuse('field-missing', 'clientId');
  if (clientSecret === undefined) throw refuse('field-missing', 'clientSecret');
  const credentials = {
    ...{ clientId, clientSecret },
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(audience !== undefined && { audience }),
  };
  return { ...changes, credentials };
}
