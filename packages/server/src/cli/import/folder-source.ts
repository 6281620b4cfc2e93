/** Vehicles from a folder of certificate files: each file the chain of one vehicle, or its certificate alone. */
import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { subCasOf } from '@plugpool/client';
import { algorithms, type Certificate, isCa, namesEqual } from '@plugpool/iso15118';
import type { VehicleToPublish } from '../../pcp/provisioning-certificate-pool.ts';
import { certificatesInFile } from '../certificate-file.ts';
import { CommandFailure } from '../command.ts';
import type { Entry, Source } from './entry.ts';

const CERTIFICATE_FILE = /\.(?:pem|crt|cer|der)$/i;

/** @param authorities sub CAs of vehicles whose files have none */
export function folderSource(folder: string, authorities: readonly Certificate[]): Source {
  return {
    async count() {
      let files = 0;
      for await (const _file of filesIn(folder)) files++;
      return files;
    },

    async *entries() {
      for await (const file of filesIn(folder)) yield await entryOf(file, authorities);
    },
  };
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const below: Dirent[] = [];
  for await (const entry of await opendir(folder)) {
    if (entry.isDirectory()) below.push(entry);
    else if (CERTIFICATE_FILE.test(entry.name)) yield join(folder, entry.name);
  }
  for (const { name } of below) yield* filesIn(join(folder, name));
}

async function entryOf(file: string, authorities: readonly Certificate[]): Promise<Entry> {
  try {
    return chainIn(await certificatesInFile(file), authorities, file);
  } catch (error) {
    // The place says which file it is.
    if (error instanceof CommandFailure) return { place: file, messages: [error.message.replace(file, 'the file')] };
    throw error;
  }
}

/** The order in the file does not matter, and a root at its end does no harm. */
function chainIn(certificates: readonly Certificate[], authorities: readonly Certificate[], place: string): Entry {
  const [certificate, another] = certificates.filter((each) => !isCa(each));
  if (certificate === undefined) return { place, messages: ['there is no vehicle certificate in the file, only CAs'] };
  if (another !== undefined) return { place, messages: ['there is more than one vehicle certificate in the file'] };
  const above = certificates.filter((each) => isCa(each) && !namesEqual(each.subject, each.issuer));
  const [lower, upper] = above.length > 0 ? sorted(certificate, above) : subCasOf(certificate, authorities);
  if (lower === undefined) {
    return { place, messages: ['there is no sub CA in the file, and none given with --sub-ca issued the certificate'] };
  }
  const { edition } = algorithms[certificate.publicKey.curve];
  const chain = upper === undefined ? { subCa1: lower } : { subCa1: upper, subCa2: lower };
  const vehicle: VehicleToPublish = { edition, certificate, ...chain };
  return { place, vehicle };
}

/** From the vehicle upwards as far as names tell; what does not fit is left for the check of the chain to refuse. */
function sorted(certificate: Certificate, above: readonly Certificate[]): readonly Certificate[] {
  const inOrder = subCasOf(certificate, above);
  return inOrder.length > 0 ? inOrder : above;
}
