import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly clientId: string | null;
  readonly operation: string;
  readonly object: string;
  readonly traceId: string | null;
  /** In the chain; a row of the last second has none yet. */
  readonly position: number | null;
}

export interface ChainState {
  readonly valid: boolean;
  readonly rows: number;
  readonly notChained: number;
  readonly head?: string;
  readonly brokenAt?: number;
}

const PATH = '/admin/v1/audit';
const SHOWN = 100;

/** @param filters as the server knows them */
export function useAudit(filters: URLSearchParams) {
  const query = filters.toString();
  return useInfiniteQuery({
    queryKey: ['audit', query],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams(query);
      asked.set('limit', String(SHOWN));
      if (pageParam !== '') asked.set('cursor', pageParam);
      return ask<{ entries: readonly AuditEntry[]; next?: string }>(`${PATH}?${asked}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
}

/** A file that the browser fetches by itself. */
export function exportPath(filters: URLSearchParams, format: 'ndjson' | 'csv'): string {
  const asked = new URLSearchParams(filters);
  asked.set('format', format);
  return `${PATH}/export?${asked}`;
}

/** It reads the whole log, so it is asked for. */
export function useChain() {
  return useMutation({ mutationFn: () => ask<ChainState>(`${PATH}/chain`) });
}
