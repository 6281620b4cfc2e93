import type { Certificate } from '@plugpool/iso15118';

/** What a certificate has wherever it was read: in Node it is a whole `Certificate`, in browsers no more than this. */
export interface SentCertificate {
  readonly der: Uint8Array;
}

/** A leaf with its sub CAs; with one sub CA only, that is sub CA 1. The root is never sent. */
export interface CertificateChain<C extends SentCertificate = Certificate> {
  readonly certificate: C;
  readonly subCa2?: C | undefined;
  readonly subCa1: C;
}
