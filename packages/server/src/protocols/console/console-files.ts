/** The built console, in memory: a few hundred kilobytes that never change while the process lives. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
  /** The same, smaller. */
  readonly gzipped: Buffer;
  /** Its name has the hash of its content, so that it can be kept for ever. */
  readonly isImmutable: boolean;
}

/** The page without the nonce of an answer in it, and the files that it asks for by their path below `/console/`. */
export interface ConsoleFiles {
  readonly page: string;
  readonly files: ReadonlyMap<string, ConsoleFile>;
}

/** Where the build of `packages/console` puts its output. */
export const consoleFolder = new URL('../../../console/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compressed = promisify(gzip);

/** `undefined` when the console is not built. */
export async function readConsole(folder: string): Promise<ConsoleFiles | undefined> {
  const page = await contentOf(join(folder, 'index.html'));
  if (page === undefined) return undefined;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(paths.filter((path) => extname(path) in types).map((path) => fileAt(folder, path)));
  return { page: page.toString('utf8'), files: new Map(files) };
}

async function fileAt(folder: string, path: string): Promise<[string, ConsoleFile]> {
  const content = await readFile(path);
  const name = relative(folder, path).split(sep).join('/');
  const type = types[extname(path)] ?? 'application/octet-stream';
  return [name, { type, content, gzipped: await compressed(content), isImmutable: name.startsWith('assets/') }];
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
