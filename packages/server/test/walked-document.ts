/**
 * Documents that are run as they are written: their `sh` blocks in order, in one shell, as if it stood in the
 * repository's root. Only the server's address is another one. The answer shown behind a block has to be what the block
 * prints, and a block without one has to print nothing; `…` stands for anything.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { eachServer } from './running-server.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
/** Where documents say that the server is. */
export const address = 'http://127.0.0.1:8080';

export function readDocument(name: string): Promise<string> {
  return readFile(join(repository, 'docs', name), 'utf8');
}

/** Tests that the document does what it says, against a server on each database. */
export function describeDocument(name: string, document: string): void {
  const blocks = commandBlocks(document);
  const missing = ['bash', 'openssl', 'curl', 'awk'].filter(
    (tool) => spawnSync(tool, ['--version']).error !== undefined,
  );
  const note = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`;
  describe.skipIf(missing.length > 0).each(eachServer())(`${name} as written, on $kind${note}`, ({ start }) => {
    let run: Run;
    beforeAll(async () => {
      const { url } = await start();
      run = await runInOneShell(blocks.map(({ commands }) => commands.replaceAll(address, url)));
    }, 120_000);

    test.each(blocks)('ok/$name', ({ position, answer }) => {
      const printed = run.printed[position];
      if (printed === undefined) expect.fail(`an earlier block failed:\n${run.complaints}`);
      expectAnswer(printed, answer);
    });

    test('ok/no command fails', () => {
      expect(run.exitCode, run.complaints).toBe(0);
    });
  });
}

export interface Answer {
  readonly language: 'json' | 'text';
  readonly text: string;
}

export interface CommandBlock {
  readonly position: number;
  /** For people: the heading above, and which of its blocks this is. */
  readonly name: string;
  readonly commands: string;
  answer?: Answer;
}

export function commandBlocks(markdown: string): CommandBlock[] {
  const found: CommandBlock[] = [];
  let heading = '';
  let underHeading = 0;
  for (const [, title, language, text = ''] of markdown.matchAll(/^## (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) {
      heading = title;
      underHeading = 0;
    } else if (language === 'sh') {
      underHeading += 1;
      found.push({
        position: found.length,
        name: `${heading}, block ${underHeading}`,
        commands: text,
      });
    } else if (language === 'json' || language === 'text') {
      const block = found.at(-1);
      if (block === undefined || block.answer !== undefined) throw new Error(`no commands stand before: ${text}`);
      block.answer = { language, text };
    }
  }
  return found;
}

export interface Run {
  readonly exitCode: number;
  /** On standard output, block by block; those behind a failure are missing. */
  readonly printed: readonly string[];
  /** On standard error. */
  readonly complaints: string;
}

/** In a folder that looks like the repository's root, so that what the commands make does not get into the real one. */
export async function runInOneShell(scripts: readonly string[]): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-quick-start-'));
  try {
    const root = join(folder, 'root');
    await mkdir(root);
    for (const name of ['node_modules', 'examples']) await symlink(join(repository, name), join(root, name));
    const endOfBlock = `end of block ${folder}\n`;
    const script = scripts.map((commands) => `${commands}printf '%s' '${endOfBlock}'\n`).join('');
    await writeFile(join(folder, 'script'), `set -euo pipefail\n${script}`);
    const { exitCode, stdout, stderr } = await bash(join(folder, 'script'), root);
    return { exitCode, printed: stdout.split(endOfBlock).slice(0, -1), complaints: stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function bash(script: string, cwd: string): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile('bash', [script], { cwd }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}

export function expectAnswer(printed: string, answer: Answer | undefined): void {
  if (answer === undefined) expect(printed).toBe('');
  else if (answer.language === 'text') expect(printed).toMatch(pattern(answer.text));
  else expect(JSON.parse(printed)).toEqual(shape(JSON.parse(answer.text)));
}

/** What `toEqual` compares with: `…` in texts stands for anything, a member `"…"` for all that are not named. */
function shape(shown: unknown): unknown {
  if (typeof shown === 'string') return shown.includes('…') ? expect.stringMatching(pattern(shown)) : shown;
  if (Array.isArray(shown)) return shown.map(shape);
  if (typeof shown !== 'object' || shown === null) return shown;
  const { '…': others, ...named } = Object.fromEntries(
    Object.entries(shown).map(([member, value]) => [member, shape(value)]),
  );
  return others === undefined ? named : expect.objectContaining(named);
}

/** `…` stands for anything within a line, and alone in a line for any lines. */
function pattern(shown: string): RegExp {
  const escaped = shown.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const source = escaped.replaceAll(/^…\n/gm, '(?:.*\\n)*').replaceAll('…', '.*');
  return new RegExp(`^${source}$`);
}
