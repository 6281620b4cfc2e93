/** The roots of a peer, and our subscription to it, in the operator's interface. */
import { formatName, readCertificate } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import type { Orders, Performed, Results } from '../../approvals/approval.ts';
import { base64 } from '../../dialects/response-fields.ts';
import type { Subscription } from '../../federation/peer-events.ts';
import type { PeerRoot, PeerRoots } from '../../federation/peer-roots.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { ROOT_TYPES, type RootCertificate } from '../../rcp/root-certificate.ts';

const Time = Type.String({ format: 'date-time' });
const described = {
  fingerprint: Type.String(),
  subject: Type.String(),
  types: Type.Array(Type.String()),
  validTo: Time,
};

export const PeerRootsShape = Type.Object({
  roots: Type.Array(
    Type.Object({
      ...described,
      trusted: Type.Boolean({ description: 'Whether it is a root here too.' }),
      difference: Type.Enum(['unknown', 'other-types', 'same'], { description: 'What it is among ours.' }),
      ctlList: Type.Array(Type.String()),
      onTrustList: Type.Optional(Type.Boolean({ description: 'Whether it is on the signed list of the peer.' })),
      certificate: Type.String({ description: 'Base64 of the DER.' }),
    }),
  ),
  ours: Type.Array(Type.Object(described), { description: 'Roots of ours that the peer has not.' }),
  trustList: Type.Optional(
    Type.Object({
      signedAt: Time,
      problem: Type.Optional(Type.String({ description: 'Why it cannot be believed.' })),
    }),
  ),
});

export const AdoptionBody = Type.Object({
  roots: Type.Array(
    Type.Object({
      fingerprint: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }),
      types: Type.Optional(
        Type.Array(Type.Enum([...ROOT_TYPES]), { minItems: 1, description: 'All that the peer says when left out.' }),
      ),
    }),
    { minItems: 1, maxItems: 100 },
  ),
});

export const AdoptionShape = Type.Object({
  roots: Type.Array(
    Type.Object({
      fingerprint: Type.String(),
      rootId: Type.Optional(Type.String({ description: 'Of the root, when it was added.' })),
      approvalId: Type.Optional(Type.String({ description: 'Of the proposal, when another operator decides.' })),
    }),
  ),
});

export const SubscriptionShape = Type.Object({
  endpointId: Type.String({ description: 'The id that the peer has given our endpoint.' }),
  createdAt: Time,
});

export function peerRootsAnswer({ roots, ours, trustList }: PeerRoots): Static<typeof PeerRootsShape> {
  return {
    roots: roots.map((root) => ({
      ...facts(root),
      trusted: root.difference !== 'unknown',
      difference: root.difference,
      ctlList: [...root.ctlList],
      ...(root.onTrustList !== undefined && { onTrustList: root.onTrustList }),
      certificate: base64(root.certificate.der),
    })),
    ours: ours.map(facts),
    ...(trustList && {
      trustList: {
        signedAt: new Date(trustList.signedAt).toISOString(),
        ...(trustList.problem !== undefined && { problem: trustList.problem }),
      },
    }),
  };
}

function facts({ certificate, types }: Pick<RootCertificate, 'certificate' | 'types'>) {
  return {
    fingerprint: certificate.fingerprint,
    subject: formatName(certificate.subject),
    types: [...types],
    validTo: new Date(certificate.notAfter).toISOString(),
  };
}

type Choice = Static<typeof AdoptionBody>['roots'][number];
type Order = Orders['root.add'];

/** Throws `root-not-found` for a root that the peer has not. */
export function adoptionOf({ fingerprint, types }: Choice, roots: readonly PeerRoot[]): Order {
  const root = roots.find(({ certificate }) => certificate.fingerprint === fingerprint.toLowerCase());
  if (root === undefined) throw refuse('root-not-found');
  return { certificate: base64(root.certificate.der), types: types ?? root.types, ctlList: root.ctlList };
}

export function adoptedAnswer(
  { certificate }: Order,
  performed: Performed<Results['root.add']>,
): Static<typeof AdoptionShape>['roots'][number] {
  const { fingerprint } = readCertificate(Buffer.from(certificate, 'base64'));
  return 'proposed' in performed
    ? { fingerprint, approvalId: performed.proposed.id }
    : { fingerprint, rootId: performed.done.id };
}

export function subscriptionAnswer({ endpointId, createdAt }: Subscription): Static<typeof SubscriptionShape> {
  return { endpointId, createdAt: new Date(createdAt).toISOString() };
}
