/** The packages as users get them: installed into an empty folder, where they serve and a car gets its contract. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPackages } from './pack-packages.ts';

const INSTALL_MS = 600_000;
const home = mkdtempSync(join(tmpdir(), 'plugpool-installed-'));
/** The machine's registry and certificates count, and nothing that is set for a server of the user's. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(?:PLUGPOOL_.*|DATABASE_URL|PORT|HOST|NODE_OPTIONS|VITEST.*|NODE_ENV)$/.test(name),
  ),
);

const inHome = (program: string, argv: readonly string[]) =>
  execFileSync(program, argv, { cwd: home, encoding: 'utf8', env: environment, stdio: 'pipe' });

describe('the packages in an empty folder', { timeout: 120_000 }, () => {
  beforeAll(() => {
    const tarballs = packPackages(join(home, 'tarballs'));
    writeFileSync(join(home, 'package.json'), '{ "private": true }');
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--omit=optional'];
    inHome('npm', ['install', ...quiet, ...tarballs]);
  }, INSTALL_MS);

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test('ok/what is in them is what runs: no sources, no tests, nothing of the repository', () => {
    const folder = join(home, 'node_modules/plugpool');
    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'bin', 'console', 'package.json', 'src']);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.test\.|\.tsx$/.test(file))).toEqual([]);
    expect(inHome('npx', ['plugpool', '--version'])).toBe('0.1.0\n');
  });

  test('ok/the doors of the libraries open', () => {
    const script = join(home, 'doors.mjs');
    const doors = ['@plugpool/exi', '@plugpool/iso15118', '@plugpool/client', '@plugpool/client/browser'];
    const lines = doors.map((door) => `console.log(Object.keys(await import('${door}')).length > 0);`);
    writeFileSync(script, lines.join('\n'));
    expect(inHome(process.execPath, [script])).toBe('true\n'.repeat(doors.length));
  });

  test('ok/it serves, the console is there, and a demo plays the life of a contract', async () => {
    const program = join(home, 'node_modules/.bin/plugpool');
    const child = spawn(program, ['serve', '--port', '0', '--log-level', 'silent'], { cwd: home, env: environment });
    try {
      let printed = '';
      const url = await new Promise<string>((resolve, reject) => {
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          printed += text;
          const [, found] = /^ {2}OPNC +(http:\S+)\/opnc/m.exec(printed) ?? [];
          if (found !== undefined) resolve(found);
        });
        child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
      });
      const page = await fetch(`${url}/console`);
      expect([page.status, (await page.text()).includes('<div id="console">')]).toEqual([200, true]);
      const played = inHome('npx', ['plugpool', 'demo', url]);
      expect(played).toContain('contract');
    } finally {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
  });
});
