import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** The code that a browser gets for `source`, which may import `@plugpool/exi`, built at `packageFolder`. */
export async function bundled(source: string, packageFolder: string): Promise<string> {
  const entry = 'virtual:entry';
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: packageFolder,
    build: { write: false, rollupOptions: { input: entry, preserveEntrySignatures: 'strict' } },
    resolve: { alias: { '@plugpool/exi': `${packageFolder}/index.js` } },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? { id, moduleSideEffects: true } : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
  });
  const outputs = Array.isArray(result) ? result : 'output' in result ? [result] : [];
  const chunks = outputs.flatMap(({ output }) => output).flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  const [code, ...others] = chunks;
  if (code === undefined || others.length > 0) throw new Error(`${chunks.length} chunks instead of one`);
  return code;
}

export function gzipSize(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}
