/** Parties and their clients, for operators: what `plugpool party` does, over HTTP. */

import { newParty, ROLES } from '../../access/party.ts';
import type { PartyRegister } from '../../access/party-register.ts';
import type { Approvals } from '../../approvals/approvals.ts';
import { ProposedShape, proposedAnswer } from '../../dialects/proposal.ts';
import { type Route, route } from '../../http/route.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';
import { cursorField, limitField, pageQuery, writeCursor } from './cursor.ts';
import {
  NewClientBody,
  NewClientShape,
  NewPartyBody,
  PartyChangesBody,
  PartyShape,
  partyAnswer,
  partyFieldsOf,
  publicKeysField,
} from './party-shapes.ts';

const PartyPath = Type.Object({ partyId: Type.String() });
const ClientPath = Type.Object({ partyId: Type.String(), clientId: Type.String() });
const PartiesQuery = Type.Object({
  ...pageQuery,
  role: Type.Optional(Type.Enum(ROLES)),
});
const PartyList = Type.Object({
  parties: Type.Array(PartyShape),
  next: Type.Optional(Type.String({ description: 'The cursor of the next page, where there is one.' })),
});
const LONGEST_OVERLAP_S = 366 * 86_400;
const DEFAULT_OVERLAP_S = 86_400;
const RotationBody = Type.Object({
  overlapSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: LONGEST_OVERLAP_S,
      description: 'How long the secrets before stay good (86400).',
    }),
  ),
});

/** Nobody on the way keeps a secret. */
const noStore = { 'cache-control': 'no-store' };

export interface PartyRouteParts {
  readonly parties: Pick<PartyRegister, 'page' | 'get' | 'disable' | 'enable'>;
  readonly approvals: Approvals;
}

export function partyRoutes(parts: PartyRouteParts): Route[] {
  return [...routesOfParties(parts), ...routesOfClients(parts)];
}

function routesOfParties({ parties, approvals }: PartyRouteParts): Route[] {
  return [
    route('GET', '/admin/v1/parties', {
      operation: 'adminListParties',
      summary: 'Lists the parties with their clients, in the order in which they were added',
      query: PartiesQuery,
      answers: { 200: PartyList },
      refusals: ['field-invalid'],
      handle: async ({ query: { role, limit, cursor } }) => {
        const page = await parties.page({ role, limit: limitField(limit), after: cursorField(cursor) });
        const next = page.next && { next: writeCursor(page.next) };
        return { status: 200, body: { parties: page.parties.map(partyAnswer), ...next } };
      },
    }),

    route('POST', '/admin/v1/parties', {
      operation: 'adminAddParty',
      summary: 'Adds a party with its first client, whose secret is shown this once',
      body: NewPartyBody,
      answers: { 201: NewClientShape, 202: ProposedShape },
      refusals: ['field-missing', 'party-refused'],
      handle: async ({ body }) => {
        const order = { party: newParty(partyFieldsOf(body)), publicKeys: publicKeysField(body) };
        const added = await approvals.perform('party.add', order);
        if ('proposed' in added) return proposedAnswer(added.proposed);
        return { status: 201, headers: noStore, body: added.done };
      },
    }),

    route('GET', '/admin/v1/parties/:partyId', {
      operation: 'adminGetParty',
      summary: 'Gets one party',
      params: PartyPath,
      answers: { 200: PartyShape },
      refusals: ['party-not-found'],
      handle: async ({ params }) => ({ status: 200, body: partyAnswer(await parties.get(params.partyId)) }),
    }),

    route('PUT', '/admin/v1/parties/:partyId', {
      operation: 'adminChangeParty',
      summary: 'Changes name, roles or identifiers; what is left out stays as it is',
      params: PartyPath,
      body: PartyChangesBody,
      answers: { 200: PartyShape, 202: ProposedShape },
      refusals: ['party-not-found', 'party-refused'],
      handle: async ({ params: { partyId }, body }) => {
        const changed = await approvals.perform('party.change', { partyId, changes: partyFieldsOf(body) });
        return 'proposed' in changed
          ? proposedAnswer(changed.proposed)
          : { status: 200, body: partyAnswer(changed.done) };
      },
    }),

    ...(['disable', 'enable'] as const).map((verb) =>
      route('POST', `/admin/v1/parties/:partyId/${verb}`, {
        operation: `admin${verb === 'disable' ? 'Disable' : 'Enable'}Party`,
        summary: verb === 'disable' ? 'Shuts a party out, with all its clients and tokens' : 'Lets a party in again',
        params: PartyPath,
        answers: { 200: PartyShape },
        refusals: ['party-not-found'],
        handle: async ({ params: { partyId } }) => {
          const { id } = await parties.get(partyId);
          await parties[verb](id);
          return { status: 200, body: partyAnswer(await parties.get(id)) };
        },
      }),
    ),
  ];
}

function routesOfClients({ parties, approvals }: PartyRouteParts): Route[] {
  /** A client by another party's path is not there. */
  async function clientOf({ partyId, clientId }: { partyId: string; clientId: string }): Promise<string> {
    const { clients } = await parties.get(partyId);
    if (!clients.some(({ id }) => id === clientId)) throw refuse('client-not-found');
    return clientId;
  }
  return [
    route('POST', '/admin/v1/parties/:partyId/clients', {
      operation: 'adminAddClient',
      summary: 'Adds a client, with a secret that is shown this once or with public keys',
      params: PartyPath,
      body: NewClientBody,
      answers: { 201: NewClientShape, 202: ProposedShape },
      refusals: ['party-not-found', 'party-refused'],
      handle: async ({ params: { partyId }, body }) => {
        const added = await approvals.perform('client.add', { partyId, publicKeys: publicKeysField(body) });
        if ('proposed' in added) return proposedAnswer(added.proposed);
        return { status: 201, headers: noStore, body: added.done };
      },
    }),

    route('POST', '/admin/v1/parties/:partyId/clients/:clientId/rotate', {
      operation: 'adminRotateClient',
      summary: 'Gives a client a further secret, shown this once; those before stay good for the overlap',
      params: ClientPath,
      body: RotationBody,
      answers: { 201: NewClientShape, 202: ProposedShape },
      refusals: ['party-not-found', 'client-not-found', 'party-refused'],
      handle: async ({ params, body: { overlapSeconds = DEFAULT_OVERLAP_S } }) => {
        const order = { clientId: await clientOf(params), overlapMs: overlapSeconds * 1000 };
        const rotated = await approvals.perform('client.rotate', order);
        if ('proposed' in rotated) return proposedAnswer(rotated.proposed);
        return { status: 201, headers: noStore, body: { partyId: params.partyId, ...rotated.done } };
      },
    }),

    ...(['disable', 'enable'] as const).map((verb) =>
      route('POST', `/admin/v1/parties/:partyId/clients/:clientId/${verb}`, {
        operation: `admin${verb === 'disable' ? 'Disable' : 'Enable'}Client`,
        summary: verb === 'disable' ? 'Shuts a client out, with its tokens' : 'Lets a client in again',
        params: ClientPath,
        answers: { 200: PartyShape },
        refusals: ['party-not-found', 'client-not-found'],
        handle: async ({ params }) => {
          await parties[verb](await clientOf(params));
          return { status: 200, body: partyAnswer(await parties.get(params.partyId)) };
        },
      }),
    ),
  ];
}
