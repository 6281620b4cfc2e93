import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outcome } from '@plugpool/client';
import { type Certificate, toPem } from '@plugpool/iso15118';

/**
 * Writes the certificates that a life used (PEM, a leaf and its sub CAs apart) and the messages (EXI). No keys. A life in
 * both editions has a folder for each.
 * @returns lines for people: what can be done with the files
 */
export async function saveFiles(directory: string, outcomes: readonly Outcome[]): Promise<string[]> {
  const [only, ...more] = outcomes;
  if (only !== undefined && more.length === 0) return await saveEdition(directory, only);
  const hints: string[] = [];
  for (const outcome of outcomes) hints.push(...(await saveEdition(join(directory, outcome.edition), outcome)));
  return hints;
}

async function saveEdition(directory: string, outcome: Outcome): Promise<string[]> {
  const { contracts, vehicleCertificate, vehicleSubCas, installationReq, installationRes } = outcome;
  const [{ cpsCertificate, cpsSubCertificates, cpsRoot }] = contracts;
  const leaves: Record<string, { leaf: Certificate; subCas: readonly Certificate[] }> = {
    vehicle: { leaf: vehicleCertificate, subCas: vehicleSubCas },
    cps: { leaf: cpsCertificate, subCas: cpsSubCertificates },
  };
  for (const [index, { contractCertificate, contractSubCertificates }] of contracts.entries()) {
    leaves[numbered('contract', index)] = { leaf: contractCertificate, subCas: contractSubCertificates };
  }
  await mkdir(directory, { recursive: true });
  const save = (name: string, content: string | Uint8Array) => writeFile(join(directory, name), content);
  await save('v2g-root.pem', pem([cpsRoot]));
  for (const [name, { leaf, subCas }] of Object.entries(leaves)) {
    await save(`${name}.pem`, pem([leaf]));
    await save(`${name}-sub-cas.pem`, pem(subCas));
  }
  await save('certificate-installation-req.exi', installationReq);
  const responses = installationRes.map((exi, index) => ({
    name: `${numbered('certificate-installation-res', index)}.exi`,
    exi,
  }));
  for (const { name, exi } of responses) await save(name, exi);
  const file = (name: string) => join(directory, name);
  return [
    ...Object.keys(leaves).map((name) => {
      const untrusted = file(`${name}-sub-cas.pem`);
      return `openssl verify -CAfile ${file('v2g-root.pem')} -untrusted ${untrusted} ${file(`${name}.pem`)}`;
    }),
    ...responses.map(({ name }) => `plugpool inspect ${file(name)} --roots ${file('v2g-root.pem')}`),
  ];
}

/** `contract`, `contract-2`, … */
function numbered(name: string, index: number): string {
  return index === 0 ? name : `${name}-${index + 1}`;
}

function pem(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => toPem('CERTIFICATE', der)).join('');
}
