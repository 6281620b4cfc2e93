/** Parties and their clients as operators send and see them. */
import { IdentifierError } from '@plugpool/iso15118/pki';
import type { Static } from 'typebox';
import {
  IDENTIFIER_KINDS,
  type IdentifierKind,
  identifierKinds,
  MO_PKIS,
  type Party,
  type PartyChanges,
  ROLES,
} from '../../access/party.ts';
import { type PublicKeys, publicKeysIn, publicKeysInText } from '../../access/public-keys.ts';
import { Type } from '../../http/schema-builders.ts';
import { refuse } from '../../kernel/domain-error.ts';

const RoleName = Type.Enum(ROLES);
const Pki = Type.Enum(MO_PKIS, {
  description: 'Of an eMSP: whether it signs (own), generates (ours), or both.',
});
const Time = Type.String({ format: 'date-time' });
const List = (description: string, longest: number) =>
  Type.Array(Type.String({ maxLength: longest }), { maxItems: 1000, description });

const identifierLists = {
  wmi: List('Of an OEM: the first three characters of its PCIDs.', 10),
  providerId: List('Of an eMSP: the first five characters of its EMAIDs.', 10),
  operatorId: List('Of a CPO: country and operator of its EVSEIDs.', 10),
  cpsRoot: List('Of a CPS: SHA-256 fingerprints of the V2G roots that it signs under.', 100),
};

export const ClientShape = Type.Object(
  {
    clientId: Type.String(),
    secrets: Type.Integer({ description: 'How many are good now: two while a rotation overlaps.' }),
    publicKeys: Type.Integer({ description: 'How many a client that signs has.' }),
    createdAt: Time,
    disabled: Type.Boolean(),
  },
  { title: 'Client' },
);

export const PartyShape = Type.Object(
  {
    partyId: Type.String(),
    name: Type.String(),
    roles: Type.Array(RoleName),
    pki: Pki,
    ...identifierLists,
    createdAt: Time,
    disabled: Type.Boolean(),
    clients: Type.Array(ClientShape),
  },
  { title: 'Party' },
);

export const NewClientShape = Type.Object(
  {
    partyId: Type.String(),
    clientId: Type.Optional(Type.String()),
    clientSecret: Type.Optional(Type.String({ description: 'Shown this once. None for a client that signs.' })),
  },
  { title: 'NewClient' },
);

const keyFields = {
  publicKey: Type.Optional(
    Type.String({
      maxLength: 20_000,
      description: 'PEM of the key, or of a certificate that carries it: for a client without a secret.',
    }),
  ),
  jwks: Type.Optional(Type.Object({ keys: Type.Array(Type.Object({})) }, { description: 'The same as a JWK set.' })),
};
export const NewClientBody = Type.Object(keyFields);

const partyFields = {
  name: Type.String({ maxLength: 200 }),
  roles: Type.Array(RoleName, { minItems: 1, maxItems: 10 }),
  pki: Type.Optional(Pki),
  wmi: Type.Optional(identifierLists.wmi),
  providerId: Type.Optional(identifierLists.providerId),
  operatorId: Type.Optional(identifierLists.operatorId),
  cpsRoot: Type.Optional(identifierLists.cpsRoot),
};
export const NewPartyBody = Type.Object({ ...partyFields, ...keyFields });
export const PartyChangesBody = Type.Partial(Type.Object(partyFields));

export type PartyAnswer = Static<typeof PartyShape>;

export function partyAnswer({ id, name, roles, pki, identifiers, clients, createdAt, disabledAt }: Party): PartyAnswer {
  const of = (kind: IdentifierKind) => [...identifiers[kind]];
  return {
    partyId: id,
    name,
    roles: [...roles],
    pki,
    ...{ wmi: of('wmi'), providerId: of('providerId'), operatorId: of('operatorId'), cpsRoot: of('cpsRoot') },
    createdAt: new Date(createdAt).toISOString(),
    disabled: disabledAt !== undefined,
    clients: clients.map((client) => ({
      clientId: client.id,
      secrets: client.secrets,
      publicKeys: client.publicKeys,
      createdAt: new Date(client.createdAt).toISOString(),
      disabled: client.disabledAt !== undefined,
    })),
  };
}

/** The parts of the body that are there. Throws `party-refused`. */
export function partyFieldsOf({ name, roles, pki, ...lists }: Static<typeof PartyChangesBody>): PartyChanges {
  const identifiers = IDENTIFIER_KINDS.flatMap((kind) => {
    const texts = lists[kind];
    return texts === undefined ? [] : [[kind, texts.map((text) => identifierField(kind, text))] as const];
  });
  return {
    name: name?.trim(),
    roles: roles && [...new Set(roles)],
    pki,
    identifiers: Object.fromEntries(identifiers),
  };
}

/** Undefined for a client with a secret. Throws `party-refused`. */
export function publicKeysField({ publicKey, jwks }: Static<typeof NewClientBody>): PublicKeys | undefined {
  if (publicKey !== undefined && jwks !== undefined) {
    throw refuse('party-refused', 'publicKey', 'or jwks, not both');
  }
  if (publicKey !== undefined) return publicKeysInText(publicKey);
  return jwks && publicKeysIn(jwks);
}

function identifierField(kind: IdentifierKind, text: string): string {
  try {
    return identifierKinds[kind].parse(text);
  } catch (error) {
    if (!(error instanceof IdentifierError)) throw error;
    throw refuse('party-refused', kind, `${JSON.stringify(text.slice(0, 80))} is none: ${error.message}`);
  }
}
