/** A server that reads its configuration again on SIGHUP, as `systemctl reload` asks it to. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { call } from './dialects.ts';
import { dataFolder, serve } from './served-process.ts';

test('ok/what needs no restart is in force, the rest is named, and what cannot be used changes nothing', {
  timeout: 60_000,
}, async () => {
  const data = await dataFolder();
  const file = join(data, 'plugpool.json');
  await writeFile(file, '{}');
  const { url, process, printed } = await serve(data, { PLUGPOOL_CONFIG: file });
  const lines = (message: string) =>
    printed()
      .split('\n')
      .filter((line) => line.includes(message));
  const reload = async (content: object, message: string) => {
    const before = lines(message).length;
    await writeFile(file, JSON.stringify(content));
    process.kill('SIGHUP');
    while (lines(message).length === before) await wait(20);
    return JSON.parse(lines(message).at(-1) ?? '');
  };
  const asked = async (path: string, headers: Record<string, string> = {}) =>
    (await call(url, { method: 'GET', path, headers })).status;
  const register = async () => {
    const body = { url: 'http://127.0.0.1:9/', enabledEvents: ['root.cert.expired'] };
    return (await call(url, { method: 'POST', path: '/opnc/v1/event/endpoints', body })).status;
  };

  expect([await asked('/metrics'), await register()]).toEqual([200, 201]);
  const token = 'a-token-of-the-metrics';
  const first = await reload({ 'metrics-token': token, 'allow-private-targets': 'false' }, 'was read again');
  expect(first).toMatchObject({ changed: ['allow-private-targets', 'metrics-token'] });
  expect(printed()).not.toContain(token);
  expect([await asked('/metrics'), await register()]).toEqual([401, 400]);
  expect(await asked('/metrics', { authorization: `Bearer ${token}` })).toBe(200);

  const refused = await reload({ 'rate-limit': -1 }, 'the one before stays in force');
  expect(refused).toMatchObject({ level: 50, reason: expect.stringContaining('"rate-limit" in') });
  expect([await asked('/metrics'), await register()]).toEqual([401, 400]);

  const named = await reload({ 'peer-deadline-ms': 5, 'rate-limit': 1 }, 'need a restart');
  expect(named).toMatchObject({ level: 40, options: ['peer-deadline-ms'] });
  expect(lines('was read again').at(-1)).toContain('rate-limit');
  const answers = await Promise.all(Array.from({ length: 20 }, () => asked('/health/live')));
  expect(answers).toContain(429);
});
