/** Registering, changing and removing webhook endpoints in both dialects, and what must not be registered. */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { at, call, list } from './dialects.ts';
import { eachServer, type TestServer } from './running-server.ts';
import {
  status as answering,
  deliveriesOf,
  eventually,
  expectSigned,
  paths,
  register,
  startReceiver,
} from './webhook-receiver.ts';

const nobody = '00000000-0000-4000-8000-000000000000';

describe.each(eachServer())('on $kind', ({ start }) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });

  const send = (method: string, path: string, body?: unknown) => call(server.url, { method, path, body });

  describe.each(['opnc', 'opcp'] as const)('%s', (dialect) => {
    const events = dialect === 'opnc' ? ['emsp.prov.cert.updated', 'root.cert.added'] : ['mo.prov.cert.updated'];
    const path = paths[dialect];

    test('ok/made, read, listed, changed, removed; the secret is in the first answer only', async () => {
      const wanted = {
        url: 'https://receiver.example/webhooks?team=1',
        enabledEvents: events,
        description: 'Our webhook',
        metadata: { team: 'Pool', floors: [1, 2, { deep: null }] },
        wmi: ['WPO', 'wvw'],
        providerIds: ['DE*ABC'.replace('*', '-')],
      };
      const made = await send('POST', path, wanted);
      expect(made.status).toBe(201);
      const { secret, ...endpoint } = Object(made.json);
      expect(secret).toMatch(/^[\w-]{43}$/);
      const common = {
        id: expect.any(String),
        apiVersion: 'v1',
        created: expect.any(Number),
        description: 'Our webhook',
        enabledEvents: events,
        metadata: wanted.metadata,
        status: 'enabled',
        url: wanted.url,
        wmis: ['WPO', 'WVW'],
        providerIds: ['DEABC'],
      };
      expect(endpoint).toEqual(dialect === 'opnc' ? { ...common, wmi: ['WPO', 'WVW'] } : common);
      expect(Math.abs(endpoint.created - Date.now() / 1000)).toBeLessThan(60);

      const one = `${path}/${endpoint.id}`;
      expect((await send('GET', one)).json).toEqual(endpoint);
      expect(list((await send('GET', path)).json)).toContainEqual(endpoint);
      // The reference asks for the URL only; what is left out stays.
      const changed = await send('PUT', one, { url: 'https://other.example/', status: 'disabled', wmi: [] });
      const { wmi: _, wmis: __, ...rest } = endpoint;
      expect(changed).toMatchObject({ status: 200 });
      expect(changed.json).toEqual({ ...rest, url: 'https://other.example/', status: 'disabled' });
      expect((await send('GET', one)).json).toEqual(changed.json);
      expect(await send('DELETE', one)).toMatchObject({ status: 200, text: '' });
      expect(await send('DELETE', one)).toMatchObject({ status: 404 });
      expect(await send('GET', one)).toMatchObject({
        status: 404,
        json: { errorMessages: ['The webhook endpoint with the given ID is not found.'] },
      });
    });

    test('fail/an endpoint of the other dialect, or of nobody, is not there', async () => {
      const other = dialect === 'opnc' ? 'opcp' : 'opnc';
      const { id } = await register(
        server.url,
        { url: 'http://a.example/', enabledEvents: ['root.cert.added'] },
        other,
      );
      for (const unknown of [id, nobody, 'xyzedjds', '%00', "'"]) {
        const one = `${path}/${unknown}`;
        const body = { url: 'http://a.example/' };
        const answers = [
          await send('GET', one),
          await send('PUT', one, body),
          await send('DELETE', one),
          await send('POST', `${one}/secret`),
          await send('POST', `${one}/test`),
          await send('GET', `${one}/deliveries`),
          await send('POST', `${one}/deliveries/${nobody}/replay`),
        ];
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
      }
      expect(list((await send('GET', path)).json).map((endpoint) => at(endpoint, 'id'))).not.toContain(id);
    });

    test.each<[string, Record<string, unknown>, string]>([
      [
        'an event that nobody knows',
        { enabledEvents: ['contract.created'] },
        'enabledEvents : "contract.created" is no event',
      ],
      ['the test event', { enabledEvents: ['webhook.test'] }, 'enabledEvents : "webhook.test" is no event'],
      ['no event', { enabledEvents: [] }, 'enabledEvents : must name one event at least'],
      ['no URL', { url: 'nowhere' }, 'url : must be an http or https URL without a password'],
      [
        'control characters',
        { url: 'https://a.example/\u001b[2J' },
        'url : must be an http or https URL without a password',
      ],
      ['a line end', { url: 'https://a.example/\n' }, 'url : must be an http or https URL without a password'],
      ['another protocol', { url: 'ftp://a.example/' }, 'url : must be an http or https URL without a password'],
      ['a password', { url: 'https://me:it@a.example/' }, 'url : must be an http or https URL without a password'],
      ['another status', { status: 'sleeping' }, 'status : must match "^(enabled|disabled)$"'],
      ['a WMI that is none', { wmi: ['W'] }, 'wmi : wmi must be three alphanumerics'],
      ['a PCID that is none', { pcid: 'short' }, 'pcid : pcid must be 17 or 18 alphanumerics'],
      ['much metadata', { metadata: { text: 'x'.repeat(20_000) } }, 'metadata : is longer than 16384 characters'],
    ])('fail/%s', async (_title, change, message) => {
      const body = { url: 'https://a.example/', enabledEvents: events, ...change };
      expect(await send('POST', path, body)).toMatchObject({ status: 400, json: { errorMessages: [message] } });
      const { path: one } = await register(server.url, { url: 'https://a.example/', enabledEvents: events }, dialect);
      const before = (await send('GET', one)).json;
      expect(await send('PUT', one, body)).toMatchObject({ status: 400, json: { errorMessages: [message] } });
      expect((await send('GET', one)).json).toEqual(before);
    });

    test('ok/tested, and signed with the new secret after a rotation', async () => {
      const receiver = await startReceiver();
      const endpoint = await register(server.url, { url: receiver.url, enabledEvents: events }, dialect);
      const tested = await send('POST', `${endpoint.path}/test`);
      expect(tested.status).toBe(202);
      await eventually(() => expect(receiver.received).toHaveLength(1));
      const [first] = receiver.received;
      if (first === undefined) throw new Error('nothing came');
      expect(first).toMatchObject({ eventId: at(tested.json, 'eventId'), eventType: 'webhook.test', payload: {} });
      expectSigned(first, endpoint.secret);

      const rotated = await send('POST', `${endpoint.path}/secret`);
      expect(rotated.status).toBe(200);
      const secret = String(at(rotated.json, 'secret'));
      expect(secret).not.toBe(endpoint.secret);
      await send('POST', `${endpoint.path}/test`);
      await eventually(() => expect(receiver.received).toHaveLength(2));
      const [, second] = receiver.received;
      if (second === undefined) throw new Error('nothing came');
      expectSigned(second, secret);
      expect(() => expectSigned(second, endpoint.secret)).toThrow();
      expect(first.headers).not.toHaveProperty('x-operator-signature-previous');
      expect(second.headers).toMatchObject({
        'x-operator-signature-previous': createHmac('sha256', endpoint.secret).update(second.body).digest('hex'),
      });

      const leaked = await send('POST', `${endpoint.path}/secret?overlapHours=0`);
      await send('POST', `${endpoint.path}/test`);
      await eventually(() => expect(receiver.received).toHaveLength(3));
      const [, , third] = receiver.received;
      if (third === undefined) throw new Error('nothing came');
      expectSigned(third, String(at(leaked.json, 'secret')));
      expect(third.headers).not.toHaveProperty('x-operator-signature-previous');
      for (const hours of ['169', '-1', 'soon', '1.5']) {
        expect((await send('POST', `${endpoint.path}/secret?overlapHours=${hours}`)).status).toBe(400);
      }
    });

    test('fail/a disabled endpoint is not tested, and hears nothing until it is enabled', async () => {
      const receiver = await startReceiver();
      const wanted = { url: receiver.url, enabledEvents: events, status: 'disabled' };
      const endpoint = await register(server.url, wanted, dialect);
      expect(await send('POST', `${endpoint.path}/test`)).toMatchObject({
        status: 400,
        json: { errorMessages: ['status : is disabled, so nothing is sent'] },
      });
      await send('PUT', endpoint.path, { url: receiver.url, status: 'enabled' });
      await send('POST', `${endpoint.path}/test`);
      await eventually(() => expect(receiver.received).toHaveLength(1));
    });
  });

  test('ok/either name of a factory reset, and either word for an eMSP, in either dialect', async () => {
    for (const dialect of ['opnc', 'opcp'] as const) {
      for (const word of ['mo', 'emsp']) {
        const enabledEvents = [`${word}.prov.cert.factory.reset`, `${word}.prov.cert.updated.factory.reset`];
        const { path } = await register(server.url, { url: 'https://a.example/', enabledEvents }, dialect);
        expect((await send('GET', path)).json).toMatchObject({ enabledEvents });
        await send('DELETE', path);
      }
    }
  });

  test('ok/the secret is in no table in the clear', async () => {
    const { id, secret } = await register(server.url, {
      url: 'https://a.example/',
      enabledEvents: ['root.cert.added'],
    });
    const { db } = server.store;
    const row = await db.selectFrom('webhook_endpoint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const sealed = Buffer.from(row.secret);
    for (const form of [Buffer.from(secret), Buffer.from(secret, 'base64url')]) {
      expect(sealed.includes(form)).toBe(false);
    }
    expect(JSON.stringify({ ...row, secret: '' })).not.toContain(secret);
  });

  test('ok/deliveries are listed with what was answered, the latest first', async () => {
    const receiver = await startReceiver(answering(200, 'thank you\u0000\n'));
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents: ['root.cert.added'] });
    const ids: unknown[] = [];
    for (let n = 0; n < 3; n++) ids.push(at((await send('POST', `${endpoint.path}/test`)).json, 'eventId'));
    await eventually(async () => {
      const deliveries = await deliveriesOf(server.url, endpoint, '?state=delivered');
      expect(deliveries.map((delivery) => at(delivery, 'eventId'))).toEqual(ids.toReversed());
    });
    expect(await deliveriesOf(server.url, endpoint, '?limit=1')).toEqual([
      {
        id: expect.any(String),
        endpointId: endpoint.id,
        eventId: ids[2],
        eventType: 'webhook.test',
        url: receiver.url,
        state: 'delivered',
        attempts: 1,
        createdAt: expect.any(String),
        lastAttemptAt: expect.any(String),
        lastStatus: 200,
        lastAnswer: 'thank you ',
      },
    ]);
    expect(await deliveriesOf(server.url, endpoint, '?state=failed')).toEqual([]);
  });

  test('ok/the operator sees the endpoints and deliveries of all, and sends again', async () => {
    const receiver = await startReceiver(answering(500));
    const enabledEvents = ['root.cert.added'];
    const endpoint = await register(server.url, { url: receiver.url, enabledEvents }, 'opnc');
    await send('POST', `${endpoint.path}/test`);
    const seen = async (query = '') =>
      list(at((await send('GET', `/admin/v1/webhooks/deliveries${query}`)).json, 'deliveries'));
    const query = `?endpointId=${endpoint.id}&state=pending`;
    await eventually(async () => expect(await seen(query)).toMatchObject([{ attempts: 1, lastStatus: 500 }]));
    expect(await seen()).toEqual(expect.arrayContaining([...(await seen(query))]));
    const all = await send('GET', '/admin/v1/webhooks/endpoints');
    const shown = list(at(all.json, 'endpoints')).find((each) => at(each, 'id') === endpoint.id);
    expect(shown).toMatchObject({ dialect: 'opnc', url: receiver.url, status: 'enabled' });
    expect(all.text).not.toContain(endpoint.secret);

    receiver.answer(answering(200));
    const taken = await register(server.url, { url: receiver.url, enabledEvents });
    const { json } = await send('POST', `${taken.path}/test`);
    await eventually(async () => expect(await deliveriesOf(server.url, taken, '?state=delivered')).toHaveLength(1));
    const replay = `/admin/v1/webhooks/deliveries/${at((await deliveriesOf(server.url, taken))[0], 'id')}/replay`;
    expect(await send('POST', replay)).toMatchObject({ status: 202, json: { state: 'pending', attempts: 0 } });
    const sent = () => receiver.received.filter(({ eventId }) => eventId === at(json, 'eventId'));
    await eventually(() => expect(sent()).toHaveLength(2));
    expect((await send('POST', `/admin/v1/webhooks/deliveries/${nobody}/replay`)).status).toBe(404);
    const tested = await send('POST', `/admin/v1/webhooks/endpoints/${taken.id}/test`);
    expect(tested.status).toBe(202);
    await eventually(() => {
      expect(receiver.received.map(({ eventId }) => eventId)).toContain(at(tested.json, 'eventId'));
    });
    expect((await send('POST', `/admin/v1/webhooks/endpoints/${nobody}/test`)).status).toBe(404);
    expect((await send('GET', '/admin/v1/webhooks/deliveries?state=odd')).status).toBe(400);
  });

  test('ok/one event as a text, as the reference of the OPNC has it for changes', async () => {
    const { path } = await register(
      server.url,
      { url: 'https://a.example/', enabledEvents: ['root.cert.added'] },
      'opnc',
    );
    const body = { url: 'https://a.example/', enabledEvents: 'emsp.contract.queued.to.oem' };
    expect(await send('PUT', path, body)).toMatchObject({ status: 200, json: { enabledEvents: [body.enabledEvents] } });
  });

  test('fail/internal addresses, where they are not allowed', async () => {
    const { url } = await start({ allowPrivateTargets: false });
    const targets = [
      'http://127.0.0.1/',
      'http://localhost:9/',
      'http://LOCALHOST./',
      'http://pool.localhost/',
      'http://10.1.2.3/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://169.254.169.254/latest/meta-data',
    ];
    for (const target of targets) {
      const body = { url: target, enabledEvents: ['root.cert.added'] };
      const answer = await call(url, { method: 'POST', path: paths.opcp, body });
      expect([target, answer.status, at(answer.json, 'errorMessages', 0)]).toEqual([
        target,
        400,
        'url : is internal, which is not allowed',
      ]);
    }
  });
});
