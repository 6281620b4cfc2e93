import { useQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';

export interface AuthorityAnswer {
  /** The file name under /ca and /crl. */
  readonly name: string;
  readonly edition: string;
  readonly algorithm: string;
  /** Null for a root. */
  readonly issuer: string | null;
  readonly current: boolean;
  readonly revoked: boolean;
  readonly subject: string;
  readonly fingerprint: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly daysLeft: number;
  /** `database`, or `pkcs11:TOKEN`. */
  readonly keyLocation: string;
  /** Base64 of the DER. */
  readonly certificate: string;
}

export function useAuthorities() {
  return useQuery({
    queryKey: ['authorities'],
    queryFn: async () => (await ask<{ authorities: readonly AuthorityAnswer[] }>('/admin/v1/authorities')).authorities,
  });
}

export function rotateAuthority(name: string): Promise<AuthorityAnswer> {
  return ask(`/admin/v1/authorities/${encodeURIComponent(name)}/rotate`, { method: 'POST' });
}
