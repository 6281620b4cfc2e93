/** An earlier version of the program, taken from the history, with the libraries that are installed now. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = new URL('../../../../', import.meta.url).pathname;
const MIGRATIONS = 'packages/server/src/store/migrations';
const PACKAGES = ['exi', 'iso15118', 'client', 'server'];

function git(...argv: string[]): string {
  return execFileSync('git', argv, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/**
 * The commit before the last migration was added, or the one that `PLUGPOOL_VERSION_BEFORE` names; or why there is none
 * here: a copy without history, or with a short one.
 */
export function versionBefore(): { readonly commit: string } | { readonly none: string } {
  const named = process.env['PLUGPOOL_VERSION_BEFORE'];
  try {
    const added = named ?? `${git('log', '-1', '--diff-filter=A', '--format=%H', '--', MIGRATIONS)}^`;
    return { commit: git('rev-parse', '--verify', `${added}^{commit}`) };
  } catch {
    return { none: named === undefined ? 'the history does not reach back to it' : `there is no ${named}` };
  }
}

/** The folder of its program; gone when the test has finished. */
export function programOf(commit: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'plugpool-before-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, 'archive.tar');
  git('archive', `--output=${archive}`, commit, ...PACKAGES.map((name) => `packages/${name}`));
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@plugpool'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.') && !['@plugpool', 'plugpool'].includes(name)) {
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
  }
  for (const name of PACKAGES) {
    const own = join(root, 'packages', name, 'node_modules');
    if (readdirSync(join(root, 'packages', name)).includes('node_modules')) {
      symlinkSync(own, join(folder, 'packages', name, 'node_modules'));
    }
    if (name !== 'server') symlinkSync(join(folder, 'packages', name), join(modules, '@plugpool', name));
  }
  return join(folder, 'packages/server/bin/plugpool.js');
}
