/** Kysely in one file is Kysely, and the server loads it in place of the modules. `pack-packages.test.ts` runs without it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { kyselyInOneFile } from '../packages/server/src/store/kysely-in-one-file.ts';
import { bundleKysely } from './bundle-kysely.ts';

const program = fileURLToPath(new URL('../packages/server/bin/plugpool.js', import.meta.url));

test('ok/one file has all that the modules have, and a database is made with it alone', async () => {
  bundleKysely();
  const { modules, oneFile } = kyselyInOneFile();
  expect(Object.keys(await import(oneFile.href)).sort()).toEqual(Object.keys(await import(modules.href)).sort());

  const data = mkdtempSync(join(tmpdir(), 'plugpool-bundled-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const loaded = join(data, 'loaded');
  const env = { PATH: process.env['PATH'], NODE_V8_COVERAGE: loaded };
  const printed = execFileSync(process.execPath, [program, 'migrate', '--data', data], { encoding: 'utf8', env });
  expect(printed).toContain('016-fewer-indexes');
  const [file = ''] = readdirSync(loaded);
  const scripts = readFileSync(join(loaded, file), 'utf8');
  expect(scripts).toContain(oneFile.href);
  expect(scripts).not.toContain('/node_modules/kysely/');
});
