/** A simulated car in a folder: its key and certificates, so that it lives longer than one script. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProvisioningChain, SimulatedVehicle } from '@plugpool/client';
import {
  type Certificate,
  commonNameOf,
  type KeyPair,
  pemBlocks,
  publicKeyOf,
  readCertificate,
  toPem,
} from '@plugpool/iso15118';

/** The key for its owner's eyes only. */
export function saveCar(folder: string, { provisioningChain, v2gRoots }: SimulatedVehicle, keyPair: KeyPair): void {
  mkdirSync(folder, { recursive: true });
  const key = keyPair.privateKey.export({ format: 'pem', type: 'pkcs8' });
  writeFileSync(join(folder, 'car.key'), key, { mode: 0o600 });
  const { certificate, subCa2, subCa1 } = provisioningChain;
  writeFileSync(join(folder, 'car.pem'), pem([certificate, ...(subCa2 === undefined ? [] : [subCa2]), subCa1]));
  writeFileSync(join(folder, 'v2g-roots.pem'), pem(v2gRoots));
}

export function loadCar(folder: string): SimulatedVehicle {
  const privateKey = createPrivateKey(readFileSync(join(folder, 'car.key')));
  const publicKey = createPublicKey(privateKey);
  const chain = chainOf(certificatesIn(join(folder, 'car.pem')));
  const car = new SimulatedVehicle({
    pcid: commonNameOf(chain.certificate.subject) ?? '',
    v2gRoots: certificatesIn(join(folder, 'v2g-roots.pem')),
    keyPairs: [{ privateKey, publicKey, ...publicKeyOf(publicKey) }],
  });
  car.installProvisioning(chain);
  return car;
}

export function certificatesIn(file: string): Certificate[] {
  return pemBlocks(readFileSync(file, 'utf8')).map(({ der }) => readCertificate(der));
}

/** From the leaf upwards, as EST gives the CAs and PEM files have them; a root at the end is left out. */
export function chainOf([certificate, ...subCas]: readonly Certificate[]): ProvisioningChain {
  const [first, second] = subCas;
  if (certificate === undefined || first === undefined) throw new Error('a leaf and its sub CAs are needed');
  return second === undefined ? { certificate, subCa1: first } : { certificate, subCa2: first, subCa1: second };
}

function pem(certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => toPem('CERTIFICATE', der)).join('');
}
