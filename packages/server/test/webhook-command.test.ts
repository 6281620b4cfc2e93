/** `plugpool webhook` beside a server that runs: what failed is listed, and sent again. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { dataFlags, plugpool } from './command-line.ts';
import { at, call } from './dialects.ts';
import { dataFolder, kill, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { eventually, register, startReceiver, status } from './webhook-receiver.ts';

/** Two processes start. */
const LONG_TEST_MS = 120_000;

describe.each(eachDatabase())('on $kind', ({ create }) => {
  test('ok/endpoints, deliveries, replay', async () => {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env: Record<string, string> =
      'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
    const { url } = await serve(data, { ...env, PLUGPOOL_WEBHOOK_RETRY_SECONDS: '0' });
    const command = (...argv: string[]) => plugpool(['webhook', ...argv, '--data', data], { env });

    expect((await command('endpoints')).out).toBe('no webhook endpoints\n');
    const receiver = await startReceiver(status(503, 'later'));
    const endpoint = await register(url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    await call(url, { method: 'POST', path: `${endpoint.path}/test` });
    await eventually(async () => expect((await command('deliveries', '--state', 'failed')).out).toContain('503'));
    expect(receiver.received).toHaveLength(4);

    const listed = await command('endpoints', '--json');
    expect(JSON.parse(listed.out)).toMatchObject([{ id: endpoint.id, dialect: 'opcp', url: receiver.url }]);
    expect(listed.out).not.toContain(endpoint.secret);
    const [delivery] = JSON.parse((await command('deliveries', '--endpoint', endpoint.id, '--json')).out);
    expect(delivery).toMatchObject({
      eventId: receiver.received[0]?.eventId,
      eventType: 'webhook.test',
      state: 'failed',
      attempts: 4,
      lastStatus: 503,
      lastAnswer: 'later',
    });

    receiver.answer(status(200));
    expect(await command('replay', delivery.id)).toEqual({
      code: 0,
      out: `${delivery.id}  webhook.test is sent again to ${receiver.url}\n`,
      err: '',
    });
    await eventually(() => expect(receiver.received).toHaveLength(5));
    expect(new Set(receiver.received.map(({ eventId }) => eventId)).size).toBe(1);
    await eventually(async () => expect((await command('deliveries')).out).toContain('delivered'));
    expect((await command('replay', '--endpoint', endpoint.id)).out).toBe('0 deliveries are sent again\n');
  });

  test(
    'ok/an endpoint made without access control is silent with it, until it is assigned',
    async () => {
      const database = await create();
      onTestFinished(database.drop);
      const { location } = database;
      const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
      const env: Record<string, string> =
        'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
      const command = (...argv: string[]) => plugpool([...argv, '--data', data], { env });
      const sandbox = await serve(data, env);
      expect(sandbox.printed()).not.toContain('belong to nobody');
      const receiver = await startReceiver();
      const { id, path } = await register(sandbox.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
      await call(sandbox.url, { method: 'POST', path: `${path}/test` });
      await eventually(() => expect(receiver.received).toHaveLength(1));
      await kill(sandbox.process, 'SIGTERM');

      const guarded = await serve(data, { ...env, PLUGPOOL_AUTH: 'oauth2', PLUGPOOL_ALLOW_PRIVATE_TARGETS: 'true' });
      await eventually(() => expect(guarded.printed()).toContain('belong to nobody and hear nothing'));
      const added = JSON.parse((await command('party', 'add', '--role', 'oem', '--wmi', 'WMI', '--json')).out);
      expect((await command('webhook', 'assign', id, '--party', 'nobody')).err).toContain('there is no party nobody');
      expect((await command('webhook', 'assign', 'nothing', '--party', added.partyId)).code).toBe(1);
      expect(await command('webhook', 'assign', id, '--party', added.partyId)).toMatchObject({ code: 0 });
      expect((await command('webhook', 'endpoints')).out).toContain(added.partyId);
      expect((await command('audit', 'list', '--operation', 'webhook.assign')).out).toContain(id);

      const credentials = { client_id: added.clientId, client_secret: added.clientSecret };
      const token = await fetch(`${guarded.url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ grant_type: 'client_credentials', ...credentials }),
      });
      const headers = { authorization: `Bearer ${at(await token.json(), 'access_token')}` };
      expect((await call(guarded.url, { method: 'POST', path: `${path}/test`, headers })).status).toBe(202);
      await eventually(() => expect(receiver.received).toHaveLength(2));
    },
    LONG_TEST_MS,
  );

  test('fail/what is not there, and what is not understood', async () => {
    const database = await create();
    onTestFinished(database.drop);
    const webhook = (...argv: string[]) => plugpool(['webhook', ...argv, ...dataFlags(database.location)]);
    expect(await webhook('replay', 'nowhere')).toMatchObject({
      code: 1,
      err: 'plugpool webhook: nowhere: The webhook delivery with the given ID is not found.\n',
    });
    for (const argv of [
      ['replay'],
      ['assign', 'x'],
      ['assign', '--party', 'x'],
      ['everything'],
      ['endpoints', 'more'],
      ['deliveries', '--state', 'odd'],
    ]) {
      expect((await webhook(...argv)).code).toBe(2);
    }
  });
});
