/** `plugpool doctor` on deployments that are well, and on those that are not. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../tools/local-port.ts';
import { extendChain } from '../src/access/audit-chain.ts';
import { openStore } from '../src/store/store.ts';
import { plugpool } from './command-line.ts';
import { at, call, list } from './dialects.ts';
import { dataFolder, kill, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { eventually } from './webhook-receiver.ts';

const LONG_TEST_MS = 120_000;

async function doctor(argv: readonly string[], env: Record<string, string> = {}) {
  const { code, out } = await plugpool(['doctor', '--json', ...argv], { env });
  const findings: unknown = JSON.parse(out);
  const of = (check: string) =>
    list(findings)
      .filter((finding) => at(finding, 'check') === check)
      .map((finding) => `${at(finding, 'verdict')} ${at(finding, 'found')}`);
  const failures = list(findings).filter((finding) => at(finding, 'verdict') === 'failure');
  return { code, of, failures: failures.map((finding) => at(finding, 'check')) };
}

describe.each(eachDatabase())('on $kind', ({ kind, create }) => {
  test(
    'ok/a server that runs; and what is found when it is stopped, changed or set up badly',
    async () => {
      const { location, drop } = await create();
      onTestFinished(drop);
      const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
      const env: Record<string, string> =
        'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
      // Nobody listens there.
      const port = await freePort();
      const { url, process } = await serve(data, env);
      const ours = ['--data', data, '--public-url', url];

      const path = '/v1/webhook/endpoints';
      const body = { url: `http://127.0.0.1:${port}/hook`, enabledEvents: ['root.cert.added'] };
      expect((await call(url, { method: 'POST', path, body })).status).toBe(201);
      const well = await doctor(ours, env);
      expect(well).toMatchObject({ code: 0, failures: [] });
      expect(well.of('migrations')).toEqual(['ok up to date']);
      expect(well.of('keys')[0]).toMatch(/^ok those of \d+ authorities can be opened$/);
      expect(well.of('public URL')).toHaveLength(3);
      expect(well.of('webhooks')).toEqual([`warning http://127.0.0.1:${port}: it cannot be reached`]);
      expect(well.of('traces')).toEqual(['skipped no collector is configured']);
      expect(well.of('clock')[0]).toMatch(kind === 'postgresql' ? /^ok \d+ ms/ : /^skipped /);

      const collector = `http://127.0.0.1:${port}`;
      const watched = await doctor([...ours, '--auth', 'none', '--otlp-endpoint', collector], env);
      expect(watched.of('traces')).toEqual([`warning ${collector}/v1/traces: it cannot be reached`]);

      const guarded = await doctor([...ours, '--auth', 'oauth2', '--allow-private-targets', 'true'], env);
      expect(guarded.of('configuration')).toEqual(
        expect.arrayContaining([
          expect.stringContaining('certificates say'),
          expect.stringContaining('internal addresses'),
          expect.stringContaining('nobody can read the metrics'),
        ]),
      );
      expect(guarded.of('webhooks')).toContain('warning 1 endpoints belong to nobody and hear nothing');

      const store = await openStore(location);
      onTestFinished(store.close);
      await eventually(async () => {
        await extendChain(store);
        const waiting = await store.db.selectFrom('audit').select('id').where('position', 'is', null).execute();
        expect(waiting).toEqual([]);
      });
      await kill(process, 'SIGTERM');
      await store.db.updateTable('audit').set({ object: 'somebody else' }).where('position', '=', 2).execute();
      await writeFile(join(data, 'master.key'), `${'ab'.repeat(32)}\n`);
      const ill = await doctor(ours, env);
      expect(ill).toMatchObject({ code: 1, failures: ['keys', 'public URL', 'audit log'] });
      expect(ill.of('audit log')).toEqual(['failure the chain is broken at row 2']);

      await rm(join(data, 'master.key'));
      expect((await doctor(ours, env)).of('keys')[0]).toContain('there is no master secret');
      // It made none.
      await expect(stat(join(data, 'master.key'))).rejects.toThrow('ENOENT');
    },
    LONG_TEST_MS,
  );

  test('fail/an empty or absent database, which it leaves as it is', async () => {
    const { location, drop } = await create();
    onTestFinished(drop);
    const argv =
      'dataDirectory' in location
        ? ['--data', join(location.dataDirectory, 'nowhere')]
        : ['--database-url', location.databaseUrl];
    const { code, of, failures } = await doctor(argv);
    expect({ code, failures }).toEqual({ code: 1, failures: [kind === 'sqlite' ? 'database' : 'migrations'] });
    expect(of('everything else')).toHaveLength(1);
    expect((await doctor(argv)).failures).toEqual(failures);
  });

  test('fail/a word that serve does not know', async () => {
    expect((await plugpool(['doctor', '--sympathy'])).code).toBe(2);
  });
});

test('ok/SIGUSR2 makes a running process say more, and less again', async () => {
  const { url, process, printed } = await serve(await dataFolder());
  const changes = () => printed().split('the log level was changed').length - 1;
  process.kill('SIGUSR2');
  await eventually(() => expect(changes()).toBe(1));
  process.kill('SIGUSR2');
  await eventually(() => expect(changes()).toBe(2));
  expect((await call(url, { method: 'GET', path: '/health/live' })).status).toBe(200);
});
