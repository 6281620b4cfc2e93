import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BUNDLES = new URL('../../bundled/', import.meta.url);

/**
 * Kysely as it is installed, and where it is in one file once `tools/bundle-kysely.ts` has made that. The file bears the
 * version, so that one of an older Kysely is not taken for it.
 */
export function kyselyInOneFile(): { readonly modules: URL; readonly oneFile: URL } {
  const modules = createRequire(import.meta.url).resolve('kysely');
  const manifest = readFileSync(join(dirname(dirname(modules)), 'package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(manifest);
  return { modules: pathToFileURL(modules), oneFile: new URL(`kysely-${version}.js`, BUNDLES) };
}
