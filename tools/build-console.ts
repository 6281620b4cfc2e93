/**
 * Builds the web console when what the server serves is older than its sources. `npm install` and `npm ci` run it; it
 * never makes them fail, as the server works without a console. `--force` builds in any case and reports a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'packages/server/console/index.html');
const sources = [
  'package-lock.json',
  'packages/console/*.{ts,json,html}',
  'packages/console/public/*',
  'packages/{client,console,exi,iso15118}/src/**/*.{ts,tsx,css}',
];

function newestSource(): number {
  const paths = sources.flatMap((pattern) => globSync(pattern, { cwd: root }));
  return Math.max(...paths.map((path) => statSync(join(root, path)).mtimeMs));
}

function build(): boolean {
  const started = performance.now();
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'packages/console'),
    stdio: 'inherit',
    // Tests have another one, with which React would be built for development.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (status === 0) console.log(`console built in ${Math.round(performance.now() - started)} ms`);
  return status === 0;
}

const isForced = process.argv.includes('--force');
if (!isForced && existsSync(built) && statSync(built).mtimeMs > newestSource()) process.exit(0);
if (!isForced && !existsSync(join(root, 'node_modules/vite'))) {
  console.log('console not built: the development packages are not installed');
  process.exit(0);
}
if (!build()) {
  console.error('console not built: the server works without it, and /console says how to build it');
  if (isForced) process.exit(1);
}
