/** Companies that take part, what they are, and the identifiers that say what is theirs. */
import { parseFingerprint, parseOperatorId, parseProviderId, parseWmi } from '@plugpool/iso15118/pki';

export const ROLES = ['oem', 'emsp', 'cpo', 'cps', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Which MO PKI an eMSP works with: its own (it signs), ours (it generates), or both. */
export const MO_PKIS = ['own', 'ours', 'both'] as const;
export type MoPki = (typeof MO_PKIS)[number];

/** For each kind of identifier: whose it is, and the one form in which it is kept. */
export const identifierKinds = {
  wmi: { role: 'oem', parse: (text: string): string => parseWmi(text) },
  providerId: { role: 'emsp', parse: (text: string): string => parseProviderId(text) },
  operatorId: { role: 'cpo', parse: (text: string): string => parseOperatorId(text) },
  cpsRoot: { role: 'cps', parse: (text: string): string => parseFingerprint(text) },
} as const satisfies Record<string, { readonly role: Role; readonly parse: (text: string) => string }>;
export type IdentifierKind = keyof typeof identifierKinds;
export const IDENTIFIER_KINDS: readonly IdentifierKind[] = ['wmi', 'providerId', 'operatorId', 'cpsRoot'];

export type Identifiers = Readonly<Record<IdentifierKind, readonly string[]>>;

/** What a party may do follows from this and nothing else. */
export interface PartyRights {
  readonly roles: readonly Role[];
  readonly pki: MoPki;
  /** Several of a kind for a party of several brands. */
  readonly identifiers: Identifiers;
}

export interface NewParty extends PartyRights {
  readonly name: string;
}

/** What is left out stays as it is, each kind of identifier for itself. */
export interface PartyChanges {
  readonly name?: string | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly pki?: MoPki | undefined;
  readonly identifiers?: { readonly [K in IdentifierKind]?: readonly string[] | undefined };
}

export interface Party extends NewParty {
  readonly id: string;
  readonly clients: readonly PartyClient[];
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly disabledAt?: number;
}

export interface PartyClient {
  readonly id: string;
  /** How many secrets are good now: two while a rotation overlaps, none for a client that signs. */
  readonly secrets: number;
  /** How many public keys a client that signs has; none for one with a secret. */
  readonly publicKeys: number;
  readonly createdAt: number;
  readonly disabledAt?: number;
}

/** A client of a party that has shown who it is. */
export interface Caller extends PartyRights {
  readonly clientId: string;
  readonly partyId: string;
  readonly name: string;
}

/** A place in the order in which parties were added. */
export interface PartyPosition {
  readonly createdAt: number;
  readonly id: string;
}

export interface PartyFilter {
  readonly role?: Role | undefined;
  /** Those that come after this place. */
  readonly after?: PartyPosition | undefined;
  readonly limit: number;
}

export const noIdentifiers: Identifiers = { wmi: [], providerId: [], operatorId: [], cpsRoot: [] };

/** What a claim in a token of an outside issuer is for. */
export type ClaimUse = 'client' | 'name' | 'role' | 'scope' | IdentifierKind;
export const CLAIM_USES: readonly ClaimUse[] = ['client', 'name', 'role', 'scope', ...IDENTIFIER_KINDS];

/** A party as it is where only that much is said. */
export function newParty(said: PartyChanges): NewParty {
  return changedParty({ name: '', roles: [], pki: 'both', identifiers: noIdentifiers }, said);
}

export function changedParty(before: NewParty, changes: PartyChanges): NewParty {
  const { name = before.name, roles = before.roles, pki = before.pki } = changes;
  return { name, roles, pki, identifiers: changedIdentifiers(before.identifiers, changes.identifiers) };
}

function changedIdentifiers(before: Identifiers, changes: PartyChanges['identifiers'] = {}): Identifiers {
  const of = (kind: IdentifierKind) => changes[kind] ?? before[kind];
  return { wmi: of('wmi'), providerId: of('providerId'), operatorId: of('operatorId'), cpsRoot: of('cpsRoot') };
}
