import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly status: string;
  readonly dialect: string;
  /** The party's id; missing where nobody is asked who he is. */
  readonly party?: string;
  readonly description?: string;
  readonly enabledEvents: readonly string[];
  readonly wmis?: readonly string[];
  readonly providerIds?: readonly string[];
  readonly pcids?: readonly string[];
  readonly emaids?: readonly string[];
}

export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly url: string;
  readonly state: string;
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt?: string;
  readonly lastAttemptAt?: string;
  readonly lastStatus?: number;
  readonly lastAnswer?: string;
}

export interface DeliveryFilter {
  readonly endpointId: string;
  readonly state: string;
  readonly eventId: string;
}

export const SHOWN_DELIVERIES = 100;
const ENDPOINTS = ['webhooks', 'endpoints'];
const DELIVERIES = ['webhooks', 'deliveries'];

export function useEndpoints() {
  return useQuery({
    queryKey: ENDPOINTS,
    queryFn: async () => (await ask<{ endpoints: readonly Endpoint[] }>('/admin/v1/webhooks/endpoints')).endpoints,
  });
}

/** The latest first; what is empty in the filter filters nothing. */
export function useDeliveries(filter: DeliveryFilter) {
  return useQuery({
    queryKey: [...DELIVERIES, filter],
    queryFn: async () => {
      const given = Object.entries(filter).filter(([, value]) => value !== '');
      const query = new URLSearchParams([...given, ['limit', String(SHOWN_DELIVERIES)]]);
      return (await ask<{ deliveries: readonly Delivery[] }>(`/admin/v1/webhooks/deliveries?${query}`)).deliveries;
    },
    refetchInterval: 3_000,
    placeholderData: (before) => before,
  });
}

export function useTest() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => ask(`/admin/v1/webhooks/endpoints/${encodeURIComponent(id)}/test`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: DELIVERIES }),
  });
}

export function useReplay() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      ask(`/admin/v1/webhooks/deliveries/${encodeURIComponent(id)}/replay`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: DELIVERIES }),
  });
}
