/**
 * `npm run pack [FOLDER]`: the packages as they are published, as tarballs in the folder (`packed`), those first that the
 * others need. `npm install *.tgz` in an empty folder then has `npx plugpool`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuiltDoors, buildPackage } from './build-package.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const ORDER = ['exi', 'iso15118', 'client', 'server'];

/** The tarballs, in that order. Throws when the compiler or npm refuses something. */
export function packPackages(target: string): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'plugpool-pack-'));
  mkdirSync(target, { recursive: true });
  try {
    let doors: BuiltDoors = {};
    const built = ORDER.map((name) => join(scratch, name));
    for (const folder of built) {
      doors = { ...doors, ...buildPackage(join(repository, 'packages', basename(folder)), folder, doors) };
    }
    return packed(built, target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One npm for all of them; it takes longer to start than to pack. */
function packed(folders: readonly string[], target: string): string[] {
  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', target, ...folders];
  const answer: unknown = JSON.parse(execFileSync('npm', argv, { encoding: 'utf8', stdio: 'pipe' }));
  const entries = Array.isArray(answer) ? answer : Object.values(Object(answer));
  return entries.map(({ filename }) => join(target, String(filename)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = resolve(process.argv[2] ?? 'packed');
  for (const tarball of packPackages(target)) console.log(tarball);
}
