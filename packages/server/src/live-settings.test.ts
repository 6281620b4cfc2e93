import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SettingsError } from './given-options.ts';
import { liveSettings, reloadedOptions } from './live-settings.ts';
import { serveOptions } from './serve-options.ts';

async function configured(content: object) {
  const folder = await mkdtemp(join(tmpdir(), 'plugpool-live-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'plugpool.json');
  const write = (options: object) => writeFile(path, JSON.stringify(options));
  await write(content);
  const start = (...argv: string[]) =>
    liveSettings(
      argv,
      { PLUGPOOL_CONFIG: path },
      () => undefined,
      ({ auth, approvals }) => {
        if (approvals !== undefined && auth === 'none') throw new SettingsError('approvals: nobody to approve');
      },
    );
  return { write, start };
}

const others = {
  'log-level': 'warn',
  'rate-limit': 7,
  'failure-limit': 8,
  revocation: 'require',
  'allow-private-targets': 'false',
  'webhook-retry-seconds': 9,
  'cleanse-hours': 10,
  'event-retention': 11,
  'audit-retention': 12,
  'metrics-token': '0123456789abcdef',
  'drain-seconds': 13,
};

test('ok/whoever has the settings sees what needs no restart, all of it', async () => {
  expect(Object.keys(others).sort()).toEqual(Object.keys(reloadedOptions).sort());
  const { write, start } = await configured({});
  const { settings, reload } = start();
  const { port, publicUrl, location } = settings;
  expect(reload()).toEqual({ changed: [], needRestart: [] });
  await write(others);
  const { changed, needRestart } = reload();
  expect([[...changed].sort(), needRestart]).toEqual([Object.keys(others).sort(), []]);
  expect(settings).toMatchObject({
    ...{ logLevel: 'warn', limits: { requestsPerSecond: 7, failuresPerMinute: 8 }, revocation: 'require' },
    ...{ allowPrivateTargets: false, webhookRetrySeconds: 9, cleanseHours: 10, eventRetentionDays: 11 },
    ...{ auditRetentionDays: 12, metricsToken: '0123456789abcdef', drainSeconds: 13, port, publicUrl, location },
  });
  await write({});
  expect(reload().changed).toHaveLength(changed.length);
  expect(settings).toMatchObject({ logLevel: 'info', allowPrivateTargets: true, metricsToken: undefined });
});

test('ok/every other option is named as one that needs a restart, until there is one', async () => {
  const { write, start } = await configured({});
  const { settings, reload } = start();
  const before = { ...settings };
  await write({ port: 1234, auth: 'oauth2', peers: [{ baseUrl: 'https://peer.example' }], 'rate-limit': 5 });
  for (const [round, changed] of [['rate-limit'], []].entries()) {
    expect({ round, ...reload() }).toEqual({ round, changed, needRestart: ['port', 'auth', 'peers'] });
  }
  // Private targets would be another default with that `auth`.
  expect(settings).toEqual({ ...before, limits: { requestsPerSecond: 5, failuresPerMinute: 600 } });
  expect(Object.keys(serveOptions)).toEqual(expect.arrayContaining(Object.keys(reloadedOptions)));
});

test('ok/a flag still goes before the file', async () => {
  const { write, start } = await configured({ 'rate-limit': 1 });
  const { settings, reload } = start('--rate-limit', '3');
  await write({ 'rate-limit': 2 });
  expect(reload()).toEqual({ changed: [], needRestart: [] });
  expect(settings.limits.requestsPerSecond).toBe(3);
});

test.each([
  ['a value that cannot be', { 'rate-limit': 'many' }, /"rate-limit" in .*: "many" must be a whole number/],
  ['an option that there is not', { 'rate-limits': 1 }, /there is no option "rate-limits"/],
  ['what does not fit together', { approvals: 'two-person' }, /approvals: nobody/],
])('fail/%s changes nothing', async (_what, content, message) => {
  const { write, start } = await configured({ 'cleanse-hours': 5 });
  const { settings, reload } = start();
  await write({ 'cleanse-hours': 6, ...content });
  expect(reload).toThrow(message);
  expect(settings.cleanseHours).toBe(5);
});
