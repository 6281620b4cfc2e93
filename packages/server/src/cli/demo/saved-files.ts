import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, toPem } from '@plugpool/iso15118';
import type { Outcome } from './life.ts';

/**
 * Writes the certificates that a life used (PEM, a leaf and its sub CAs apart) and the two messages (EXI). No keys.
 * @returns lines for people: what can be done with the files
 */
export async function saveFiles(directory: string, outcome: Outcome): Promise<string[]> {
  const { contract, vehicleCertificate, vehicleSubCas, installationReq, installationRes } = outcome;
  const leaves: Record<string, { leaf: Certificate; subCas: readonly Certificate[] }> = {
    vehicle: { leaf: vehicleCertificate, subCas: vehicleSubCas },
    contract: { leaf: contract.contractCertificate, subCas: contract.contractSubCertificates },
    cps: { leaf: contract.cpsCertificate, subCas: contract.cpsSubCertificates },
  };
  await mkdir(directory, { recursive: true });
  const save = (name: string, content: string | Uint8Array) => writeFile(join(directory, name), content);
  await save('v2g-root.pem', pem([contract.cpsRoot]));
  for (const [name, { leaf, subCas }] of Object.entries(leaves)) {
    await save(`${name}.pem`, pem([leaf]));
    await save(`${name}-sub-cas.pem`, pem(subCas));
  }
  await save('certificate-installation-req.exi', installationReq);
  await save('certificate-installation-res.exi', installationRes);
  const file = (name: string) => join(directory, name);
  return [
    ...Object.keys(leaves).map((name) => {
      const untrusted = file(`${name}-sub-cas.pem`);
      return `openssl verify -CAfile ${file('v2g-root.pem')} -untrusted ${untrusted} ${file(`${name}.pem`)}`;
    }),
    `plugpool inspect ${file('certificate-installation-res.exi')} --roots ${file('v2g-root.pem')}`,
  ];
}

function pem(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => toPem('CERTIFICATE', der)).join('');
}
