import { afterEach, describe, expect, test } from 'vitest';
import { type WebServer, webServer } from '../../test/web-server.ts';
import { opcpClient } from '../opcp/opcp-client.ts';
import { opncClient } from '../opnc/opnc-client.ts';

let server: WebServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const stored = {
  id: 'e-1',
  apiVersion: 'v1',
  created: 1_623_760_573,
  description: 'Of the test',
  enabledEvents: ['oem.contract.created'],
  status: 'enabled',
  url: 'https://oem.example/hook',
  wmis: ['WPP'],
};
const read = {
  id: 'e-1',
  url: 'https://oem.example/hook',
  enabledEvents: ['oem.contract.created'],
  description: 'Of the test',
  status: 'enabled',
  wmis: ['WPP'],
  providerIds: [],
  secret: undefined,
};

describe.each([
  { dialect: 'OPNC', client: opncClient, path: '/opnc/v1/event/endpoints' },
  { dialect: 'OPCP', client: opcpClient, path: '/v1/webhook/endpoints' },
])('webhook endpoints in the $dialect', ({ client, path }) => {
  async function webhooksThatAnswer(body: unknown) {
    const web = await webServer((_call, response) => response.writeHead(200).end(JSON.stringify(body)));
    server = web;
    return { webhooks: client({ baseUrl: web.url }).webhooks, arrived: web.arrived };
  }

  test('created, with its secret', async () => {
    const { webhooks, arrived } = await webhooksThatAnswer({ ...stored, secret: 's' });
    const { url, enabledEvents, wmis } = read;
    expect(await webhooks.create({ url, enabledEvents, wmis })).toEqual({ ...read, secret: 's' });
    expect(arrived).toMatchObject([{ method: 'POST', url: path }]);
    expect(JSON.parse(arrived[0]?.body ?? '')).toEqual({ url, enabledEvents, wmi: wmis, wmis });
  });

  test('listed, got, changed and removed', async () => {
    const { webhooks, arrived } = await webhooksThatAnswer(stored);
    expect(await webhooks.get('e-1')).toEqual(read);
    expect(await webhooks.change('e-1', { url: read.url, status: 'disabled' })).toEqual(read);
    await webhooks.remove('e/1');
    expect(arrived.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['GET', `${path}/e-1`, ''],
      ['PUT', `${path}/e-1`, JSON.stringify({ url: read.url, status: 'disabled' })],
      ['DELETE', `${path}/e%2F1`, ''],
    ]);
    await server?.close();
    const list = await webhooksThatAnswer([stored, { id: 'e-2', url: read.url, events: ['root.cert.added'] }]);
    expect(await list.webhooks.list()).toMatchObject([read, { id: 'e-2', enabledEvents: ['root.cert.added'] }]);
  });
});
