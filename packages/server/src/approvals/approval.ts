/** Actions that trust depends on, as one operator proposes and another one approves them. */
import type { NewParty, Party, PartyChanges } from '../access/party.ts';
import type { PublicKeys } from '../access/public-keys.ts';
import type { AuthorityKind } from '../pki/authorities.ts';
import type { RootCertificate, RootType } from '../rcp/root-certificate.ts';

/** What each action is told; it is kept as JSON, so it holds nothing else. */
export interface Orders {
  'root.add': {
    /** Base64 of the DER. */
    readonly certificate: string;
    readonly types: readonly RootType[];
    readonly ctlList: readonly string[];
  };
  'root.remove': { readonly rootId: string };
  'party.add': { readonly party: NewParty; readonly publicKeys?: PublicKeys | undefined };
  'party.change': { readonly partyId: string; readonly changes: PartyChanges };
  'client.add': { readonly partyId: string; readonly publicKeys?: PublicKeys | undefined };
  'client.rotate': { readonly clientId: string; readonly overlapMs: number };
  'authority.import': {
    readonly kind: AuthorityKind;
    /** Base64 of the DER. */
    readonly certificate: string;
    /** Base64 of the PKCS#8, sealed under the master secret. */
    readonly sealedKey: string;
  };
  'authority.add-root': Readonly<Record<string, never>>;
}
export type ActionKind = keyof Orders;

/** A client that was made; without a client where approval alone would have shown its secret to the approver. */
export interface MadeClient {
  readonly partyId: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export interface Results {
  'root.add': RootCertificate;
  'root.remove': RootCertificate;
  'party.add': MadeClient;
  'party.change': Party;
  'client.add': MadeClient;
  'client.rotate': { readonly clientId: string; readonly clientSecret: string };
  'authority.import': readonly string[];
  'authority.add-root': readonly string[];
}

export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'expired', 'stale'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export interface Proposal {
  readonly id: string;
  readonly kind: string;
  /** What it is about: a fingerprint, a party's id, a kind of authority. */
  readonly object: string;
  /** What was ordered, as canonical JSON; without what is secret. */
  readonly payload: string;
  /** `stale`: what it would change had changed when somebody approved it. */
  readonly state: ApprovalState;
  /** As in the audit log: `party:ID`, `cli:NAME`. */
  readonly proposedBy: string;
  /** Epoch milliseconds. */
  readonly proposedAt: number;
  readonly expiresAt: number;
  readonly decidedBy?: string;
  readonly decidedAt?: number;
  /** Why it was rejected. */
  readonly reason?: string;
  /** What came of it, as JSON: the ids of what was made. */
  readonly outcome?: string;
}

/** Done at once, or waiting for another operator. */
export type Performed<R> = { readonly done: R } | { readonly proposed: Proposal };
