import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const SECRET_OCTETS = 32;
/** Longer secrets are allowed, but nobody needs a novel. */
const LONGEST_TEXT = 1024;
const FILE_NAME = 'master.key';
const OTHERS_MAY = 0o007;

/** The master secret cannot be had; the message says why and never repeats the secret. */
export class MasterSecretError extends Error {
  override readonly name = 'MasterSecretError';
}

export interface MasterSecretSources {
  /** What the operator configured, as hexadecimal or base64 of at least 32 octets. Goes before the file. */
  readonly fromEnvironment?: string | undefined;
  /** Folder of the file `master.key`, which is made on the first start. */
  readonly dataDirectory?: string | undefined;
}

/**
 * The secret under which the private keys in the database are sealed: at least 32 octets. Replicas of one database
 * need the same one, so there it is configured; a single process keeps it in a file beside its data.
 * @throws MasterSecretError
 */
export async function loadMasterSecret(sources: MasterSecretSources): Promise<Uint8Array> {
  if (sources.fromEnvironment !== undefined) {
    return parseMasterSecret(sources.fromEnvironment, 'the configured master secret');
  }
  if (sources.dataDirectory === undefined) {
    throw new MasterSecretError('a master secret must be configured: 32 random octets as hexadecimal or base64');
  }
  const path = join(sources.dataDirectory, FILE_NAME);
  return (await readSecretFile(path)) ?? (await makeSecretFile(sources.dataDirectory, path));
}

/** Writes the secret of the folder's key file into a new file; false when the folder has none. */
export async function copyMasterSecret(dataDirectory: string, file: string): Promise<boolean> {
  const secret = await readSecretFile(join(dataDirectory, FILE_NAME));
  if (secret === undefined) return false;
  await writeDurably(file, `${Buffer.from(secret).toString('hex')}\n`);
  return true;
}

function parseMasterSecret(written: string, where: string): Uint8Array {
  const text = written.trim();
  const secret = text.length <= LONGEST_TEXT ? decode(text) : undefined;
  if (secret === undefined || secret.length < SECRET_OCTETS) {
    throw new MasterSecretError(`${where} must be at least ${SECRET_OCTETS} octets as hexadecimal or base64`);
  }
  return secret;
}

/** A text that is both is hexadecimal: nobody's base64 of 32 octets keeps to 16 of the 64 characters. */
function decode(text: string): Uint8Array | undefined {
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Uint8Array.from(Buffer.from(text, 'base64'));
  return undefined;
}

async function readSecretFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & OTHERS_MAY) !== 0) {
      throw new MasterSecretError(`${path} is open to every user of this machine; run: chmod 600 ${path}`);
    }
    return parseMasterSecret(await readFile(path, 'latin1'), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The file appears under its name in one step and complete, so of two processes that start together one wins. */
async function makeSecretFile(dataDirectory: string, path: string): Promise<Uint8Array> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  await writeDurably(draft, `${randomBytes(SECRET_OCTETS).toString('hex')}\n`);
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  await syncDirectory(dataDirectory);
  const secret = await readSecretFile(path);
  if (secret === undefined) throw new MasterSecretError(`${path} disappeared while it was made`);
  return secret;
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Without this the name may be lost with the power although the content is on the disk. */
async function syncDirectory(path: string): Promise<void> {
  // Windows does not open folders; its file systems journal names.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
