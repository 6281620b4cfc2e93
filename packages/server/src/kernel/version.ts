import { readFile } from 'node:fs/promises';

/** Of this package, as its manifest says. */
export async function version(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(new Map(Object.entries(Object(manifest))).get('version'));
}
