import { readCertificate } from '@plugpool/iso15118';
import { useQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';
import type { KnownCertificate } from './pools.ts';

interface IssuedAnswer extends Omit<KnownCertificate, 'certificate'> {
  /** Base64 of the DER. */
  readonly certificate: string;
  readonly authority: string;
  readonly issuedAt: string;
}

export interface IssuedCertificate extends KnownCertificate {
  /** The CA, such as `cpo-sub2`. */
  readonly authority: string;
  readonly issuedAt: string;
}

/** What our CAs issued under a name, with a fingerprint or with a serial number. */
export function useIssued(search: string) {
  return useQuery({
    queryKey: ['certificates', search],
    queryFn: async (): Promise<IssuedCertificate[]> => {
      const { items } = await ask<{ items: readonly IssuedAnswer[] }>(
        `/admin/v1/certificates?search=${encodeURIComponent(search)}`,
      );
      return items.map((each) => ({ ...each, certificate: readCertificate(Buffer.from(each.certificate, 'base64')) }));
    },
  });
}
