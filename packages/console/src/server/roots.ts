import { type Certificate, readCertificate } from '@plugpool/iso15118';
import { useQuery } from '@tanstack/react-query';
import { ask } from './asking.ts';

interface RootAnswer {
  readonly id: string;
  readonly types: readonly string[];
  readonly ctlList: readonly string[];
  readonly addedAt: string;
  /** Base64 of the DER. */
  readonly certificate: string;
}

export interface Root extends Omit<RootAnswer, 'certificate'> {
  readonly certificate: Certificate;
}

/** The trust anchors; a message is judged by them in the browser. */
export function useRoots() {
  return useQuery({
    queryKey: ['roots'],
    queryFn: async (): Promise<Root[]> => {
      const { items } = await ask<{ items: readonly RootAnswer[] }>('/admin/v1/roots');
      return items.map((root) => ({ ...root, certificate: readCertificate(Buffer.from(root.certificate, 'base64')) }));
    },
    staleTime: 60_000,
  });
}
