import { useInfiniteQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface Proposal {
  readonly id: string;
  readonly kind: string;
  /** Fingerprint, id or name of what it is about. */
  readonly object: string;
  readonly state: string;
  /** What was ordered, without what is secret. */
  readonly payload: object;
  /** As in the audit log. */
  readonly proposedBy: string;
  readonly proposedAt: string;
  readonly expiresAt: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
  readonly reason?: string;
  readonly outcome?: object;
}

const SHOWN = 50;

export function useApprovals(state: string) {
  return useInfiniteQuery({
    queryKey: ['approvals', state],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ limit: String(SHOWN) });
      if (state !== '') asked.set('state', state);
      if (pageParam !== '') asked.set('cursor', pageParam);
      return ask<{ approvals: readonly Proposal[]; next?: string }>(`/admin/v1/approvals?${asked}`);
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  });
}

export function approve(id: string): Promise<Proposal> {
  return ask(`/admin/v1/approvals/${encodeURIComponent(id)}/approve`, { method: 'POST' });
}

export function reject(id: string, reason: string): Promise<Proposal> {
  const body = reason === '' ? {} : { reason };
  return ask(`/admin/v1/approvals/${encodeURIComponent(id)}/reject`, { method: 'POST', body });
}
