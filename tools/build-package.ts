/**
 * `npm run build -w PACKAGE`: the package as it is published, in its `dist`: JavaScript and declarations from the
 * TypeScript compiler, README, license, and a package.json whose exports point at them. In the repository `exports`
 * points at `src`, so nothing needs to be built to work on it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
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
  'bin',
  'dependencies',
  'optionalDependencies',
];

/** Where a door of a package that was built before has its declarations, such as `@plugpool/client/browser`. */
export type BuiltDoors = Readonly<Record<string, string>>;

/**
 * Builds the package in `folder` into `target`, which is emptied first. What it needs of packages of this repository it
 * takes from `built`. Throws when the compiler finds an error. Returns its own doors.
 */
export function buildPackage(folder: string, target: string, built: BuiltDoors = {}): BuiltDoors {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  rmSync(target, { recursive: true, force: true });
  compile(folder, codeFolder(target, manifest), manifest, built);
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
  cpSync(join(repository, 'LICENSE'), join(target, 'LICENSE'));
  for (const file of ['README.md', 'docs']) {
    if (existsSync(join(folder, file))) cpSync(join(folder, file), join(target, file), { recursive: true });
  }
  if (manifest.bin !== undefined) copyProgram(folder, target, Object.values(manifest.bin));
  const doors = Object.entries(manifest.exports ?? {});
  return Object.fromEntries(doors.map(([door, source]) => [join(manifest.name, door), join(target, typesOf(source))]));
}

/** A program finds its manifest and its files from where its code lies, so that stays where it is in the repository. */
function codeFolder(target: string, { bin }: Manifest): string {
  return bin === undefined ? target : join(target, 'src');
}

/** With the web console, which an install has built. */
function copyProgram(folder: string, target: string, programs: readonly string[]): void {
  for (const program of programs) {
    const file = join(target, program);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      readFileSync(join(folder, program), 'utf8').replaceAll(/(from |import\()'(\.[^']*)\.ts'/g, "$1'$2.js'"),
      {
        mode: 0o755,
      },
    );
  }
  if (existsSync(join(folder, 'console')))
    cpSync(join(folder, 'console'), join(target, 'console'), { recursive: true });
}

function typesOf(source: string): string {
  return source.replace(/^\.\/src\//, './').replace(/\.ts$/, '.d.ts');
}

function compile(folder: string, target: string, { dependencies = {} }: Manifest, built: BuiltDoors): void {
  const scratch = mkdtempSync(join(tmpdir(), 'build-package-'));
  try {
    const project = join(scratch, 'tsconfig.json');
    writeFileSync(project, JSON.stringify(projectOf(folder, target, { dependencies, built })));
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
interface Surroundings {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly built: BuiltDoors;
}

function projectOf(folder: string, target: string, { dependencies, built }: Surroundings) {
  const source = join(folder, 'src');
  return {
    extends: join(repository, 'tsconfig.base.json'),
    compilerOptions: {
      rootDir: source,
      outDir: target,
      declaration: true,
      noEmit: false,
      typeRoots: [join(repository, 'node_modules/@types')],
      paths: Object.fromEntries(Object.entries(built).map(([door, types]) => [door, [types]])),
      types: Object.keys(dependencies).length === 0 ? [] : ['node'],
    },
    include: [join(source, '**/*.ts')],
    exclude: [join(source, '**/*.test.ts')],
  };
}

function published(manifest: Manifest): Record<string, unknown> {
  const kept = KEPT.flatMap((key) => (manifest[key] === undefined ? [] : [[key, manifest[key]]]));
  const doors = Object.entries(manifest.exports ?? {}).map(([door, source]) => {
    const types = typesOf(source);
    return [door, { types, default: types.replace(/\.d\.ts$/, '.js') }];
  });
  return { ...Object.fromEntries(kept), exports: { ...Object.fromEntries(doors), './package.json': './package.json' } };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = process.cwd();
  buildPackage(folder, resolve(folder, 'dist'));
  console.log(`${folder}/dist is ready for npm publish`);
}
