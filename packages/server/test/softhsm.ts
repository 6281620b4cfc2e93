/** A token of SoftHSM2 of the test's own, where the machine has it (Debian: `softhsm2`). */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const library = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm.so'].find(existsSync);

/** Why there can be none here; undefined where there can. */
export const noSoftHsm = library === undefined ? 'SoftHSM2 is not installed' : missingPackage();

function missingPackage(): string | undefined {
  try {
    createRequire(import.meta.url)('pkcs11js');
    return undefined;
  } catch {
    // Not built, or not installed: the suite goes on without it.
    return 'the optional package pkcs11js is not built, run npm rebuild pkcs11js';
  }
}

/** As the server is configured; the token is made by `makeToken`. */
export const softHsm = { module: library ?? '', token: 'plugpool', pin: '7391-secret' };

export interface TestToken {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Found by the library through SOFTHSM2_CONF, which is set. */
export async function makeToken(): Promise<TestToken> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-softhsm-'));
  await mkdir(join(folder, 'tokens'));
  await writeFile(
    join(folder, 'softhsm2.conf'),
    `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\n`,
  );
  process.env['SOFTHSM2_CONF'] = join(folder, 'softhsm2.conf');
  const label = ['--init-token', '--free', '--label', softHsm.token];
  await promisify(execFile)('softhsm2-util', [...label, '--so-pin', '12345678', '--pin', softHsm.pin]);
  return { folder, remove: () => rm(folder, { recursive: true }) };
}
