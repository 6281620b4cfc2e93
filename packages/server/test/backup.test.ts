/** Backups as docs/backup.md has them: made in use, restored elsewhere, with an audit log that holds and keys that open. */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, copyFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { generate, lineOf, pem, scratchFolder, vehicleOf } from './fleet-files.ts';
import { ownPki } from './own-pki.ts';
import { randomPcid } from './roles.ts';
import { dataFolder, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';

const BINARY = new URL('../bin/plugpool.js', import.meta.url).pathname;
const runFile = promisify(execFile);
/** A dozen processes one after the other, on a machine that has more to do. */
const LONG_TEST_MS = 120_000;

/** Runs a plugpool command. */
function command(args: readonly string[], env: Record<string, string> = {}) {
  return runFile(process.execPath, [BINARY, ...args], { env: { PATH: process.env['PATH'], ...env } });
}

/** A root of vehicles, one of them published, in the database that the options name. */
async function published(options: readonly string[], env: Record<string, string> = {}) {
  const files = await scratchFolder();
  const pki = await ownPki('Bulk');
  const pcid = randomPcid();
  await writeFile(join(files, 'root.pem'), pem(pki.root));
  await command(['root', 'import', join(files, 'root.pem'), '--type', 'OEM', ...options], env);
  await writeFile(join(files, 'fleet.ndjson'), lineOf(await vehicleOf(pki, pcid), pki));
  await command(['import', join(files, 'fleet.ndjson'), ...options], env);
  return { files, pki, pcid };
}

test('ok/a backup made while vehicles come in is restored with its keys, and its audit log holds', {
  timeout: LONG_TEST_MS,
}, async () => {
  const data = await dataFolder();
  const server = await serve(data);
  const { files, pki, pcid } = await published(['--data', data]);
  const file = join(files, 'backup.db');
  expect((await generate(server.url, pcid)).status).toBe(201);
  const others = await Promise.all(Array.from({ length: 300 }, () => vehicleOf(pki)));
  await writeFile(join(files, 'more.ndjson'), others.map((car) => lineOf(car, pki)).join(''));
  const [made] = await Promise.all([
    command(['backup', file, '--data', data]),
    command(['import', join(files, 'more.ndjson'), '--data', data]),
  ]);
  expect(made.stdout).toContain('checked');
  expect(made.stdout).toContain('who has both files has the private keys');
  for (const path of [file, `${file}.master.key`]) expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(command(['backup', file, '--data', data])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is there already'),
  });
  await expect(command(['backup', join(files, 'x'), '--data', join(files, 'empty')])).rejects.toMatchObject({
    code: 1,
  });

  const restored = await dataFolder();
  await chmod(restored, 0o700);
  await copyFile(file, join(restored, 'plugpool.db'));
  await copyFile(`${file}.master.key`, join(restored, 'master.key'));
  expect((await command(['audit', 'verify', '--data', restored])).stdout).toContain('the chain holds');
  const second = await serve(restored);
  // The keys of our own MO CA and of the CPS signer open.
  expect((await generate(second.url, pcid)).status).toBe(201);

  const without = join(files, 'without.db');
  const { stdout } = await command(['backup', without, '--without-master-secret', '--data', data]);
  expect(stdout).toContain('without it the private keys in the backup are lost');
  await expect(stat(`${without}.master.key`)).rejects.toMatchObject({ code: 'ENOENT' });
  const foreign = await dataFolder();
  await copyFile(without, join(foreign, 'plugpool.db'));
  await expect(serve(foreign)).rejects.toThrow(/cannot start/);
});

const missing = ['pg_dump', 'pg_restore'].filter((program) => spawnSync(program, ['--version']).error !== undefined);
const note = missing.length === 0 ? '' : `, skipped: ${missing.join(' and ')} not found`;
const onPostgresql = eachDatabase().filter(({ kind }) => kind === 'postgresql');

describe.skipIf(missing.length > 0).each(onPostgresql)(`on $kind${note}`, { timeout: LONG_TEST_MS }, ({ create }) => {
  test('ok/what pg_dump wrote is restored elsewhere, with its keys and an audit log that holds', async () => {
    const [here, there] = [await create(), await create()];
    onTestFinished(here.drop);
    onTestFinished(there.drop);
    if (!('databaseUrl' in here.location) || !('databaseUrl' in there.location)) throw new Error('not PostgreSQL');
    // The folder has the master secret.
    const data = await dataFolder();
    const [from, to] = [here.location.databaseUrl, there.location.databaseUrl];
    const server = await serve(data, { PLUGPOOL_DATABASE_URL: from });
    const { files, pcid } = await published(['--data', data], { PLUGPOOL_DATABASE_URL: from });
    expect((await generate(server.url, pcid)).status).toBe(201);
    const dump = join(files, 'plugpool.dump');
    await runFile('pg_dump', ['--format=custom', `--file=${dump}`, from]);
    await runFile('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${to}`, dump]);
    const verified = await command(['audit', 'verify', '--database-url', to]);
    expect(verified.stdout).toContain('the chain holds');
    const second = await serve(data, { PLUGPOOL_DATABASE_URL: to });
    expect((await generate(second.url, pcid)).status).toBe(201);
  });
});
