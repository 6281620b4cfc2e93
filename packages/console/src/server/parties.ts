import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask, type Proposed } from './asking.ts';

export const ROLES = ['oem', 'emsp', 'cpo', 'cps', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Each kind of identifier belongs to a role. */
export const identifierKinds = { wmi: 'oem', providerId: 'emsp', operatorId: 'cpo', cpsRoot: 'cps' } as const;
export type IdentifierKind = keyof typeof identifierKinds;
export const IDENTIFIER_KINDS = ['wmi', 'providerId', 'operatorId', 'cpsRoot'] as const;

export type MoPki = 'own' | 'ours' | 'both';

export interface PartyFields extends Readonly<Record<IdentifierKind, readonly string[]>> {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly pki: MoPki;
}

export interface Party extends PartyFields {
  readonly partyId: string;
  readonly createdAt: string;
  readonly disabled: boolean;
  readonly clients: readonly PartyClient[];
}

export interface PartyClient {
  readonly clientId: string;
  /** How many are good now. */
  readonly secrets: number;
  /** Of a client that signs and has no secret. */
  readonly publicKeys: number;
  readonly createdAt: string;
  readonly disabled: boolean;
}

/** What was made, with its secret, which is shown this once. */
export interface MadeClient {
  readonly partyId: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

const SHOWN = 50;

export function useParties(role: string) {
  return useInfiniteQuery({
    queryKey: ['parties', 'list', role],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: String(SHOWN) });
      if (role !== '') asked.set('role', role);
      if (pageParam !== '') asked.set('cursor', pageParam);
      return ask<{ parties: readonly Party[]; next?: string }>(`/admin/v1/parties?${asked}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

export function useParty(id: string) {
  return useQuery({ queryKey: ['parties', 'one', id], queryFn: () => ask<Party>(partyPath(id)) });
}

export function addParty(
  body: PartyFields & { readonly publicKey?: string | undefined },
): Promise<MadeClient | Proposed> {
  return ask('/admin/v1/parties', { method: 'POST', body });
}

export function changeParty(id: string, body: PartyFields): Promise<Party | Proposed> {
  return ask(partyPath(id), { method: 'PUT', body });
}

/** @param publicKey PEM, for a client that signs */
export function addClient(partyId: string, publicKey: string): Promise<MadeClient | Proposed> {
  const body = publicKey === '' ? {} : { publicKey };
  return ask(`${partyPath(partyId)}/clients`, { method: 'POST', body });
}

export function rotateClient(
  partyId: string,
  clientId: string,
  overlapSeconds: number,
): Promise<MadeClient | Proposed> {
  return ask(`${clientPath(partyId, clientId)}/rotate`, { method: 'POST', body: { overlapSeconds } });
}

export function setPartyDisabled(id: string, isDisabled: boolean): Promise<Party> {
  return ask(`${partyPath(id)}/${isDisabled ? 'disable' : 'enable'}`, { method: 'POST' });
}

export function setClientDisabled(partyId: string, clientId: string, isDisabled: boolean): Promise<Party> {
  return ask(`${clientPath(partyId, clientId)}/${isDisabled ? 'disable' : 'enable'}`, { method: 'POST' });
}

function partyPath(id: string): string {
  return `/admin/v1/parties/${encodeURIComponent(id)}`;
}

function clientPath(partyId: string, clientId: string): string {
  return `${partyPath(partyId)}/clients/${encodeURIComponent(clientId)}`;
}
