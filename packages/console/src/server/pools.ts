/** Vehicles, contracts and their histories as /admin/v1 tells of them. */
import { type Certificate, readCertificate } from '@plugpool/iso15118';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface ListedVehicle {
  readonly pcid: string;
  readonly shownPcid: string;
  readonly edition: string;
  /** ISO 8601, as all times here. */
  readonly validTo: string;
  readonly publishedAt: string;
  readonly revokedAt?: string;
}

export interface ListedContract {
  readonly emaid: string;
  readonly shownEmaid: string;
  readonly pcid: string;
  readonly shownPcid: string;
  readonly edition: string;
  readonly isDefault: boolean;
  readonly cpsRootFingerprint: string;
  readonly cpsRootName: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly storedAt: string;
  readonly revokedAt?: string;
}

interface CertificateAnswer {
  /** Base64 of the DER. */
  readonly certificate: string;
  readonly issuedHere: boolean;
  readonly revoked?: { readonly at: string; readonly reason: string };
}

/** A certificate of a chain, and what the CAs of the ecosystem know of it. */
export interface KnownCertificate extends Omit<CertificateAnswer, 'certificate'> {
  readonly certificate: Certificate;
}

interface VehicleAnswer<C> {
  readonly pcid: string;
  readonly shownPcid: string;
  readonly entries: readonly {
    readonly edition: string;
    readonly publishedAt: string;
    readonly previousPcid?: string;
    readonly v2gRootKeyIdentifiers: readonly string[];
    readonly rootId?: string;
    /** Leaf first; with the root as long as that is trusted. */
    readonly chain: readonly C[];
  }[];
  readonly contracts: readonly ListedContract[];
}

interface ContractAnswer<C> {
  readonly emaid: string;
  readonly shownEmaid: string;
  readonly pcid: string;
  readonly shownPcid: string;
  readonly entries: readonly {
    readonly edition: string;
    readonly isDefault: boolean;
    readonly cpsRootFingerprint: string;
    readonly cpsRootName: string;
    readonly storedAt: string;
    readonly metaData?: string;
    readonly contractChain: readonly C[];
    readonly cpsChain: readonly C[];
    /** Base64 of the EXI. */
    readonly installationRes: string;
  }[];
}

export type VehicleDetail = VehicleAnswer<KnownCertificate>;
export type ContractDetail = ContractAnswer<KnownCertificate>;

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly kind: 'change' | 'event';
  readonly what: string;
  readonly object?: string;
  readonly actor?: string;
  readonly traceId?: string;
  readonly deliveries?: readonly EventDelivery[];
}

export interface EventDelivery {
  readonly id: string;
  readonly url: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastAttemptAt?: string;
  readonly lastStatus?: number;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly count?: { readonly rows: number; readonly atLeast: boolean };
  readonly matched?: string;
}

const SHOWN = 50;

/** A list, page behind page; what was there stays until what was asked for is there. */
export function useList<T>(pool: 'vehicles' | 'contracts', filters: URLSearchParams) {
  const query = filters.toString();
  return useInfiniteQuery({
    queryKey: [pool, 'list', query],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams(query);
      asked.set('limit', String(SHOWN));
      if (pageParam !== '') asked.set('cursor', pageParam);
      return ask<ListPage<T>>(`/admin/v1/${pool}?${asked}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

export function useVehicle(pcid: string) {
  return useQuery({
    queryKey: ['vehicles', 'one', pcid],
    queryFn: async (): Promise<VehicleDetail> => {
      const vehicle = await ask<VehicleAnswer<CertificateAnswer>>(`/admin/v1/vehicles/${encodeURIComponent(pcid)}`);
      const entries = vehicle.entries.map((entry) => ({ ...entry, chain: entry.chain.map(known) }));
      return { ...vehicle, entries };
    },
  });
}

export function useContract(emaid: string) {
  return useQuery({
    queryKey: ['contracts', 'one', emaid],
    queryFn: async (): Promise<ContractDetail> => {
      const contract = await ask<ContractAnswer<CertificateAnswer>>(`/admin/v1/contracts/${encodeURIComponent(emaid)}`);
      const entries = contract.entries.map((entry) => ({
        ...entry,
        contractChain: entry.contractChain.map(known),
        cpsChain: entry.cpsChain.map(known),
      }));
      return { ...contract, entries };
    },
  });
}

function known(answer: CertificateAnswer): KnownCertificate {
  return { ...answer, certificate: readCertificate(Buffer.from(answer.certificate, 'base64')) };
}

const HISTORY_SHOWN = 20;

/** @param of such as `vehicles/WMI…` */
export function useHistory(of: string) {
  return useInfiniteQuery({
    queryKey: ['history', of],
    queryFn: ({ pageParam }) => {
      const cursor = pageParam === '' ? '' : `&cursor=${pageParam}`;
      return ask<ListPage<HistoryEntry>>(`/admin/v1/${of}/history?limit=${HISTORY_SHOWN}${cursor}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    staleTime: 2_000,
  });
}
