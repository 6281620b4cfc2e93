/** Vehicle and contract certificates of the user, for ecosystems that do not issue them on the spot. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { commonNameOf, IdentifierError, parseEmaid, parsePcid, publicKeyOf } from '@plugpool/iso15118';
import { certificatesInFile } from '../certificate-file.ts';
import { CommandFailure } from '../command.ts';
import type { OwnLeaf } from './own-keys.ts';
import type { BroughtKeys } from './world.ts';

export interface KeyFiles {
  /** PEM with leaf, sub CA 2 and sub CA 1 in this order, or with one sub CA. */
  readonly chain: string;
  /** PEM, PKCS #8 or SEC 1, without pass phrase. */
  readonly key: string;
}

/** @throws CommandFailure naming the file */
export async function bringKeys(vehicle: KeyFiles | undefined, contract: KeyFiles | undefined): Promise<BroughtKeys> {
  return {
    ...(vehicle && { vehicle: await named(vehicle, (leaf, name) => ({ ...leaf, pcid: parsePcid(name) })) }),
    ...(contract && { contract: await named(contract, (leaf, name) => ({ ...leaf, emaid: parseEmaid(name) })) }),
  };
}

async function named<T>(files: KeyFiles, complete: (leaf: OwnLeaf, commonName: string) => T): Promise<T> {
  const leaf = await leafIn(files);
  const commonName = commonNameOf(leaf.certificate.subject) ?? '';
  try {
    return complete(leaf, commonName);
  } catch (cause) {
    if (cause instanceof IdentifierError) throw new CommandFailure(`${files.chain}: ${cause.message}`, { cause });
    throw cause;
  }
}

async function leafIn({ chain, key: keyFile }: KeyFiles): Promise<OwnLeaf> {
  const [certificate, first, second] = await certificatesInFile(chain);
  if (certificate === undefined || first === undefined) {
    throw new CommandFailure(`${chain}: a leaf and one or two sub CA certificates are needed`);
  }
  const privateKey = await privateKeyIn(keyFile);
  const publicKey = createPublicKey(privateKey);
  if (Buffer.compare(publicKeyOf(publicKey).spki, certificate.publicKey.spki) !== 0) {
    throw new CommandFailure(`${keyFile}: is not the key of the first certificate in ${chain}`);
  }
  const key = { privateKey, publicKey, ...certificate.publicKey };
  return second === undefined
    ? { key, certificate, subCa1: first }
    : { key, certificate, subCa2: first, subCa1: second };
}

async function privateKeyIn(file: string) {
  try {
    return createPrivateKey(await readFile(file));
  } catch {
    // What OpenSSL says of a key can quote it.
    throw new CommandFailure(`${file}: there is no private key in it that can be read without a pass phrase`);
  }
}
