/** Vehicles of a foreign OEM in files, as they are imported. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namespaceOfEdition, toPem } from '@plugpool/iso15118';
import { onTestFinished } from 'vitest';
import { call } from './dialects.ts';
import { type Issued, issue, type Order, type OwnPki } from './own-pki.ts';
import { base64, randomEmaid, randomPcid } from './roles.ts';

/** Removed when the test has finished. */
export async function scratchFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'plugpool-files-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export function vehicleOf(pki: OwnPki, pcid = randomPcid(), changes: Partial<Order> = {}): Promise<Issued> {
  return issue({ profile: 'oem', commonName: pcid, issuer: pki.subCa2, ...changes });
}

/** A line of NDJSON, in the fields of the OPNC. */
export function lineOf({ certificate }: Issued, { subCa1, subCa2 }: OwnPki): string {
  const chain = {
    certificate: base64(certificate.der),
    subCa1Certificate: base64(subCa1.certificate.der),
    subCa2Certificate: base64(subCa2.certificate.der),
  };
  return `${JSON.stringify({ provisioningCertificateChain: chain })}\n`;
}

export function pem(...issued: readonly Issued[]): string {
  return issued.map(({ certificate }) => toPem('CERTIFICATE', certificate.der)).join('');
}

/** Has a contract generated, which takes keys of the ecosystem's own. */
export async function generate(url: string, pcid: string): Promise<{ status: number; emaid: string }> {
  const emaid = randomEmaid();
  const body = {
    contractBegins: new Date(Date.now() - 60_000).toISOString(),
    contractEnds: new Date(Date.now() + 3_600_000).toISOString(),
    emaid,
    pcid,
    xsdMsgDefNamespace: namespaceOfEdition('ISO15118-2'),
  };
  const { status } = await call(url, { method: 'PUT', path: '/opnc/v1/cps/contractData/generateandsign', body });
  return { status, emaid };
}
