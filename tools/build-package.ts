/**
 * `npm run build -w PACKAGE`: the package as it is published, in its `dist`: JavaScript and declarations from the
 * TypeScript compiler, README, license, and a package.json whose exports point at them. In the repository `exports`
 * points at `src`, so nothing needs to be built to work on it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Published as they stand; scripts and development dependencies are for the repository only. */
const KEPT = [
  'name',
  'version',
  'description',
  'keywords',
  'license',
  'type',
  'engines',
  'sideEffects',
  'dependencies',
];

/** Builds the package in `folder` into `target`, which is emptied first. Throws when the compiler finds an error. */
export function buildPackage(folder: string, target: string): void {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  rmSync(target, { recursive: true, force: true });
  compile(folder, target, manifest);
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  cpSync(join(repository, 'LICENSE'), join(target, 'LICENSE'));
  for (const file of ['README.md', 'docs']) {
    if (existsSync(join(folder, file))) cpSync(join(folder, file), join(target, file), { recursive: true });
  }
}

function compile(folder: string, target: string, { dependencies = {} }: Manifest): void {
  const scratch = mkdtempSync(join(tmpdir(), 'build-package-'));
  try {
    const project = join(scratch, 'tsconfig.json');
    writeFileSync(project, JSON.stringify(projectOf(folder, target, dependencies)));
    execFileSync(join(repository, 'node_modules/.bin/tsc'), ['--project', project], {
      stdio: 'pipe',
      encoding: 'utf8',
    });
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
    throw new Error(`the compiler refused ${folder}\n${output}`, { cause: error });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A package without dependencies is for every platform: it is compiled without the types of any. */
function projectOf(folder: string, target: string, dependencies: Manifest['dependencies'] & {}) {
  const source = join(folder, 'src');
  return {
    extends: join(repository, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: source,
      outDir: target,
      declaration: true,
      noEmit: false,
      typeRoots: [join(repository, 'node_modules/@types')],
      types: Object.keys(dependencies).length === 0 ? [] : ['node'],
    },
    include: [join(source, '**/*.ts')],
    exclude: [join(source, '**/*.test.ts')],
  };
}

function published(manifest: Manifest): Record<string, unknown> {
  const kept = KEPT.flatMap((key) => (manifest[key] === undefined ? [] : [[key, manifest[key]]]));
  const doors = Object.entries(manifest.exports ?? {}).map(([door, source]) => {
    const built = source.replace(/^\.\/src\//, './');
    return [door, { types: built.replace(/\.ts$/, '.d.ts'), default: built.replace(/\.ts$/, '.js') }];
  });
  return { ...Object.fromEntries(kept), exports: { ...Object.fromEntries(doors), './package.json': './package.json' } };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.cwd();
  buildPackage(folder, resolve(folder, 'dist'));
  console.log(`${folder}/dist is ready for npm publish`);
}
