/** A certificate that was signed, with the CAs above it and the means to record it. */

import { type Certificate, commonNameOf } from '@plugpool/iso15118';
import { audit } from '../access/audit-log.ts';
import type { Tx } from '../store/store.ts';
import { insertIssuedCertificate } from './issued-certificate-queries.ts';

export interface Issued {
  readonly certificate: Certificate;
  /** As a message carries it behind the leaf: sub CA 2, then sub CA 1. */
  readonly chain: readonly [subCa2: Certificate, subCa1: Certificate];
  readonly root: Certificate;
  /** Stores the certificate as issued, in the transaction that stores what it is for. */
  record(tx: Tx): Promise<void>;
}

/** @param at epoch milliseconds */
export async function recordIssued(tx: Tx, authorityName: string, certificate: Certificate, at: number): Promise<void> {
  await insertIssuedCertificate(tx, {
    fingerprint: certificate.fingerprint,
    authority_name: authorityName,
    serial_hex: certificate.serialHex,
    common_name: commonNameOf(certificate.subject) ?? '',
    certificate: certificate.der,
    not_before: certificate.notBefore,
    not_after: certificate.notAfter,
    issued_at: at,
  });
  const object = certificate.fingerprint;
  await audit(tx, at, [{ operation: 'certificate.issue', object, after: certificate.der }]);
}
