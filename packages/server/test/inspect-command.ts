/** `plugpool inspect`, and what it looks at most. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { vectorPath } from '../../exi/test/vectors.ts';
import type { MemoryIoOptions } from '../src/cli/memory-io.ts';
import { plugpool } from './command-line.ts';

/** A CertificateInstallationRes of a public ecosystem. */
export const seedFile = fileURLToPath(vectorPath('opnc-certificate-installation-res.exi'));
export const seed = readFileSync(seedFile);

export function inspectCommand(argv: readonly string[], options: MemoryIoOptions = {}) {
  return plugpool(['inspect', ...argv], options);
}

export async function inspectJson(argv: readonly string[], options: MemoryIoOptions = {}) {
  const { code, out } = await inspectCommand([...argv, '--json'], options);
  return { code, result: JSON.parse(out) };
}

export function codesOf(problems: readonly { readonly code: string }[]): string[] {
  return problems.map(({ code }) => code);
}
