/** What `plugpool pki` changes. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CertificateError, type Fingerprint, parseFingerprint } from '@plugpool/iso15118';
import { sealedForImport } from '../../approvals/approvals.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { TokenError } from '../../keys/key-store.ts';
import type { AuthorityKind } from '../../pki/authorities.ts';
import type { RevocationReason } from '../../pki/public-key-infrastructure.ts';
import { showProposed } from '../actions/person.ts';
import { certificatesInFile } from '../certificate-file.ts';
import { CommandFailure } from '../command.ts';
import type { Io } from '../io.ts';
import type { OpenPki } from './open-pki.ts';

export async function rotate({ pki }: OpenPki, names: readonly string[], io: Io): Promise<number> {
  for (const name of names) {
    const successor = await explained(() => pki.rotate(name));
    io.stdout.write(`${name}: ${successor.name} issues and signs from now on\n`);
  }
  return 0;
}

export async function addRoot({ approvals }: OpenPki, io: Io): Promise<number> {
  const added = await explained(() => approvals.perform('authority.add-root', {}));
  if ('proposed' in added) showProposed(added.proposed, false, io);
  else for (const name of added.done) io.stdout.write(`${name}\n`);
  return 0;
}

interface Import {
  readonly kind: AuthorityKind;
  /** Files. */
  readonly certificate: string;
  readonly key: string;
}

export async function importAuthority(
  { approvals, keys }: OpenPki,
  { kind, ...files }: Import,
  io: Io,
): Promise<number> {
  const [certificate] = await certificatesInFile(files.certificate);
  if (certificate === undefined) throw new CommandFailure(`${files.certificate}: there is no certificate`);
  const pkcs8 = (await privateKeyInFile(files.key)).export({ format: 'der', type: 'pkcs8' });
  const sealedKey = sealedForImport(keys.secrets, pkcs8);
  pkcs8.fill(0);
  const order = { kind, certificate: Buffer.from(certificate.der).toString('base64'), sealedKey };
  const imported = await explained(() => approvals.perform('authority.import', order));
  if ('proposed' in imported) showProposed(imported.proposed, false, io);
  else io.stdout.write(`imported ${imported.done.join(', ')}\n`);
  return 0;
}

export async function revoke({ pki, store }: OpenPki, name: string, reason: RevocationReason, io: Io): Promise<number> {
  const fingerprint = await fingerprintOf(name);
  const known = await store.transaction((tx) => pki.revoke(tx, fingerprint, reason, Date.now()));
  if (!known) throw new CommandFailure(`${name} was not issued by an authority of this ecosystem`);
  io.stdout.write(`revoked ${fingerprint}\n`);
  return 0;
}

async function fingerprintOf(name: string): Promise<Fingerprint> {
  if (/^[0-9a-f]{64}$/i.test(name)) return parseFingerprint(name);
  const [certificate] = await certificatesInFile(name);
  if (certificate === undefined) throw new CommandFailure(`${name}: there is no certificate`);
  return certificate.fingerprint;
}

async function privateKeyInFile(file: string): Promise<KeyObject> {
  const content = await readFile(file).catch((cause: unknown) => {
    throw new CommandFailure(`${file} cannot be read`, { cause });
  });
  try {
    const isPem = content.toString('latin1').includes('-----BEGIN');
    return createPrivateKey(isPem ? content : { key: content, format: 'der', type: 'pkcs8' });
  } catch {
    // What a decoder says of a private key stays inside.
    throw new CommandFailure(`${file}: there is no private key that can be read; it must not be encrypted`);
  } finally {
    content.fill(0);
  }
}

/** What the user can do something about, in words; everything else is a defect and goes on. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isKnown = cause instanceof DomainError || cause instanceof CertificateError || cause instanceof TokenError;
    if (isKnown) throw new CommandFailure(cause.message, { cause });
    throw cause;
  }
}
