/** A real server with a real life of a contract behind it, and a real browser in front. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const plugpool = join(root, 'packages/server/bin/plugpool.js');
export const chromiumPath = '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);

export interface Played {
  readonly url: string;
  /** Folders with the messages of a life in either edition. */
  readonly messages2: string;
  readonly messages20: string;
  close(): Promise<void>;
}

/** Builds the console when its sources are newer, starts a sandbox on an empty folder, and plays a life in each edition. */
export async function playedServer(): Promise<Played> {
  execFileSync(process.execPath, [join(root, 'tools/build-console.ts')], { stdio: 'pipe' });
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-console-'));
  const args = [plugpool, 'serve', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn'];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment() });
  const url = await urlSaidBy(server);
  const play = (edition: string) => {
    const saved = join(folder, edition);
    execFileSync(process.execPath, [plugpool, 'demo', url, '--edition', edition, '--save', saved], { stdio: 'pipe' });
    return saved;
  };
  return {
    url,
    messages2: play('ISO15118-2'),
    messages20: play('ISO15118-20'),
    async close() {
      const ended = once(server, 'exit');
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Without a database of PostgreSQL: what the console shows is the same on both. */
function environment(): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, ...rest } = process.env;
  return rest;
}

async function urlSaidBy(server: ChildProcess): Promise<string> {
  let said = '';
  for await (const part of server.stdout ?? []) {
    said += String(part);
    const url = /OPNC +(http:\/\/[^/\s]+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server did not start: ${said}`);
}
