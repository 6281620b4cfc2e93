/** A certificate that was signed, with the CAs above it and the means to record it. */

import { type Certificate, commonNameOf } from '@plugpool/iso15118/pki';
import type { CompiledQuery } from 'kysely';
import { type AuditRow, auditInserts, auditRows } from '../access/audit-log.ts';
import type { Tx } from '../store/store.ts';
import { issuedCertificateInserts, type NewIssuedCertificate } from './issued-certificate-queries.ts';

export interface Issued {
  readonly certificate: Certificate;
  /** As a message carries it behind the leaf: sub CA 2, then sub CA 1. */
  readonly chain: readonly [subCa2: Certificate, subCa1: Certificate];
  readonly root: Certificate;
  /** To be written down in the transaction that stores what the certificate is for. */
  readonly record: IssuedRecord;
}

/** What is written down of a certificate, and that whoever acts had it issued. */
export interface IssuedRecord {
  readonly certificate: NewIssuedCertificate;
  readonly audit: readonly AuditRow[];
}

/** @param at epoch milliseconds */
export function recordOf(authorityName: string, certificate: Certificate, at: number): IssuedRecord {
  return {
    certificate: {
      fingerprint: certificate.fingerprint,
      authority_name: authorityName,
      serial_hex: certificate.serialHex,
      common_name: commonNameOf(certificate.subject) ?? '',
      certificate: certificate.der,
      not_before: certificate.notBefore,
      not_after: certificate.notAfter,
      issued_at: at,
    },
    audit: auditRows(at, [{ operation: 'certificate.issue', object: certificate.fingerprint, after: certificate.der }]),
  };
}

export async function recordIssued(tx: Tx, records: readonly IssuedRecord[]): Promise<void> {
  for (const statement of issuedInserts(tx, records)) await tx.executeQuery(statement);
}

/**
 * The statements of `recordIssued`, which need nothing of each other.
 * @param others audit rows of what the certificates are for, so that all of them are one statement
 */
export function issuedInserts(
  tx: Tx,
  records: readonly IssuedRecord[],
  others: readonly AuditRow[] = [],
): CompiledQuery<unknown>[] {
  const certificates = records.map(({ certificate }) => certificate);
  const rows = [...records.flatMap(({ audit }) => audit), ...others];
  return [...issuedCertificateInserts(tx, certificates), ...auditInserts(tx, rows)];
}
