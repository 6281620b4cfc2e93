/** A real token behind a library that is slow, hangs, or loses it, as the test says. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeToken, noSoftHsm, softHsm, type TestToken } from '../softhsm.ts';

/** Why there can be none here; undefined where there can. */
export const noFaultyToken = noSoftHsm ?? (hasCompiler() ? undefined : 'there is no C compiler');

export interface FaultyToken extends TestToken {
  readonly settings: typeof softHsm;
  /** From now on: `delay MILLISECONDS`, `hang`, `lost NUMBER`, `removed`, or `none`. */
  fault(what: string): Promise<void>;
}

export async function faultyToken(): Promise<FaultyToken> {
  const made = await makeToken();
  const module = join(made.folder, 'faulty-token.so');
  const source = join(import.meta.dirname, 'faulty-token.c');
  execFileSync('cc', ['-shared', '-fPIC', '-o', module, source, '-ldl'], { stdio: 'pipe' });
  const file = join(made.folder, 'fault');
  process.env['TOKEN_FAULT'] = file;
  process.env['TOKEN_LIBRARY'] = softHsm.module;
  const fault = (what: string) => writeFile(file, what);
  await fault('none');
  return { ...made, settings: { ...softHsm, module }, fault };
}

function hasCompiler(): boolean {
  try {
    execFileSync('cc', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    // Skipped, and said so.
    return false;
  }
}
