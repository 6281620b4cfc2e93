/** `plugpool webhook` beside a server that runs: what failed is listed, and sent again. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCommandLine } from '../src/cli/commands.ts';
import { memoryIo } from '../src/cli/memory-io.ts';
import { call } from './dialects.ts';
import { dataFolder, serve } from './served-process.ts';
import { eachDatabase } from './stores.ts';
import { eventually, register, startReceiver, status } from './webhook-receiver.ts';

describe.each(eachDatabase())('on $kind', ({ create }) => {
  test('ok/endpoints, deliveries, replay', async () => {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const data = 'dataDirectory' in location ? location.dataDirectory : await dataFolder();
    const env: Record<string, string> =
      'dataDirectory' in location ? {} : { PLUGPOOL_DATABASE_URL: location.databaseUrl };
    const { url } = await serve(data, { ...env, PLUGPOOL_WEBHOOK_RETRY_SECONDS: '0' });
    const command = async (...argv: string[]) => {
      const io = memoryIo({ env });
      const code = await runCommandLine(['webhook', ...argv, '--data', data], io);
      return { code, out: io.out(), err: io.err() };
    };

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

  test('fail/what is not there, and what is not understood', async () => {
    const database = await create();
    onTestFinished(database.drop);
    const { location } = database;
    const flags =
      'dataDirectory' in location ? ['--data', location.dataDirectory] : ['--database-url', location.databaseUrl];
    const io = memoryIo();
    expect(await runCommandLine(['webhook', 'replay', 'nowhere', ...flags], io)).toBe(1);
    expect(io.err()).toBe('plugpool webhook: nowhere: The webhook delivery with the given ID is not found.\n');
    for (const argv of [['replay'], ['everything'], ['endpoints', 'more'], ['deliveries', '--state', 'odd']]) {
      expect(await runCommandLine(['webhook', ...argv, ...flags], memoryIo())).toBe(2);
    }
  });
});
