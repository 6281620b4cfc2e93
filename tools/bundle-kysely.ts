/**
 * Makes one file of Kysely's modules, which the server loads in their place (`packages/server/src/store/query-builder.ts`).
 * `npm install` and `npm ci` run it; it never makes them fail, as the server works with the modules as well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { kyselyInOneFile } from '../packages/server/src/store/kysely-in-one-file.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vite = join(root, 'node_modules/vite/bin/vite.js');

/** Makes it, and removes what else is in its folder: those of other versions. Throws when it cannot be made. */
export function bundleKysely(): void {
  const { modules, oneFile } = kyselyInOneFile();
  const folder = dirname(fileURLToPath(oneFile));
  const made = mkdtempSync(join(root, 'node_modules/.kysely-'));
  try {
    const argv = [
      'build',
      '--ssr',
      fileURLToPath(modules),
      '--outDir',
      'out',
      '--minify',
      'false',
      '--logLevel',
      'warn',
    ];
    const { status } = spawnSync(process.execPath, [vite, ...argv], { cwd: made, stdio: 'inherit' });
    if (status !== 0) throw new Error(`vite ended with ${status}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // In one step: a server that starts meanwhile sees all of it or nothing.
    renameSync(join(made, 'out/index.js'), oneFile);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!existsSync(vite)) console.log('Kysely not bundled: the development packages are not installed');
  else {
    try {
      bundleKysely();
    } catch (error) {
      console.error('Kysely not bundled: the server works without it, and starts more slowly', error);
    }
  }
}
