import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebServer, webServer } from '../../test/web-server.ts';
import { type ClientCredentials, clientCredentials } from './access-tokens.ts';
import { httpCaller } from './http-caller.ts';

let server: WebServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

const secret = 'a-secret-that-nobody-prints';

/** An ecosystem with a token endpoint: tokens are `t1`, `t2`, …, and `accepts` says which ones its calls take. */
async function ecosystem(accepts: (token: string) => boolean = () => true, seconds = 3600) {
  let issued = 0;
  const web = await webServer((call, response) => {
    if (call.url === '/oauth/token') {
      issued++;
      const token = { access_token: `t${issued}`, expires_in: seconds, token_type: 'Bearer', scope: 'all' };
      response.writeHead(200).end(JSON.stringify(token));
      return;
    }
    const token = call.headers.authorization?.replace('Bearer ', '') ?? '';
    response.writeHead(accepts(token) ? 200 : 401).end(JSON.stringify({ token }));
  });
  server = web;
  const tokenRequests = () => web.arrived.filter(({ url }) => url === '/oauth/token');
  const tokens = (options: Partial<ClientCredentials> = {}) =>
    clientCredentials({ tokenUrl: web.url, clientId: 'me', clientSecret: secret, ...options });
  return { url: web.url, arrived: web.arrived, tokenRequests, tokens };
}

const put = { method: 'PUT', path: '/thing' } as const;

describe('client credentials', () => {
  test('ok/are sent as the OPCP has them, and the token with every call', async () => {
    const { url, arrived, tokens } = await ecosystem();
    await httpCaller({ baseUrl: url, tokens: tokens({ audience: 'https://stage.example' }) })(put);
    const [asked, call] = arrived;
    expect(asked).toMatchObject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      grant_type: 'client_credentials',
      client_id: 'me',
      client_secret: secret,
      audience: 'https://stage.example',
    });
    expect(call?.headers.authorization).toBe('Bearer t1');
  });

  test('ok/as a form, to another token endpoint', async () => {
    const web = await webServer((_call, response) =>
      response.writeHead(200).end('{"access_token":"x","expires_in":1}'),
    );
    server = web;
    const tokenUrl = `${web.url}/realms/one/token`;
    const tokens = clientCredentials({ tokenUrl, clientId: 'me', clientSecret: 'a&b', body: 'form' });
    expect(await tokens.current()).toBe('x');
    expect(web.arrived).toMatchObject([
      {
        url: '/realms/one/token',
        body: 'grant_type=client_credentials&client_id=me&client_secret=a%26b',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]);
  });

  test('ok/a token is used until shortly before it expires', async () => {
    let now = 0;
    const { tokenRequests, tokens } = await ecosystem();
    const held = tokens({ now: () => now });
    expect(await held.current()).toBe('t1');
    now = 3600_000 - 30_001;
    expect(await held.current()).toBe('t1');
    now += 1;
    expect(await held.current()).toBe('t2');
    expect(tokenRequests()).toHaveLength(2);
  });

  test('ok/a token of a short life is used for half of it', async () => {
    let now = 0;
    const { tokens } = await ecosystem(() => true, 10);
    const held = tokens({ now: () => now });
    await held.current();
    now = 4999;
    expect(await held.current()).toBe('t1');
    now = 5000;
    expect(await held.current()).toBe('t2');
  });

  test('ok/a token of unknown life is used until it is refused', async () => {
    let issued = 0;
    const web = await webServer((_call, response) => {
      response.writeHead(200).end(`{"access_token":"t${++issued}"}`);
    });
    server = web;
    const tokens = clientCredentials({ tokenUrl: web.url, clientId: 'me', clientSecret: secret });
    expect([await tokens.current(), await tokens.current()]).toEqual(['t1', 't1']);
    tokens.refused('t1');
    expect(await tokens.current()).toBe('t2');
    tokens.refused('t1');
    expect(await tokens.current()).toBe('t2');
  });

  test('ok/calls at the same time wait for one token', async () => {
    const { url, tokenRequests, tokens } = await ecosystem();
    const call = httpCaller({ baseUrl: url, tokens: tokens() });
    await Promise.all([call(put), call(put), call(put)]);
    expect(tokenRequests()).toHaveLength(1);
  });

  test('ok/a token that is refused is renewed once, for any call', async () => {
    const { url, tokenRequests, tokens } = await ecosystem((token) => token !== 't1');
    const call = httpCaller({ baseUrl: url, tokens: tokens() });
    const { body } = await call({ method: 'POST', path: '/thing' });
    expect(JSON.parse(Buffer.from(body).toString())).toEqual({ token: 't2' });
    await call(put);
    expect(tokenRequests()).toHaveLength(2);
  });

  test('fail/a server that takes no token', async () => {
    const { url, arrived, tokens } = await ecosystem(() => false);
    await expect(httpCaller({ baseUrl: url, tokens: tokens() })(put)).rejects.toMatchObject({
      kind: 'refused',
      refusal: 'unauthorized',
      call: 'PUT /thing',
    });
    expect(arrived.map(({ url: path }) => path)).toEqual(['/oauth/token', '/thing', '/oauth/token', '/thing']);
  });

  test('fail/a caller that gives up does not wait for its token, others do', async () => {
    const abort = new AbortController();
    const answer = Promise.withResolvers<void>();
    const web = await webServer(async ({ url }, response) => {
      if (url === '/oauth/token') {
        abort.abort();
        await answer.promise;
      }
      response.writeHead(200).end('{"access_token":"t","expires_in":60}');
    });
    server = web;
    const tokens = clientCredentials({ tokenUrl: web.url, clientId: 'me', clientSecret: secret });
    const call = httpCaller({ baseUrl: web.url, tokens });
    const other = call(put);
    await expect(call({ ...put, signal: abort.signal })).rejects.toMatchObject({ kind: 'aborted' });
    answer.resolve();
    expect((await other).status).toBe(200);
    expect(web.arrived.map(({ url }) => url)).toEqual(['/oauth/token', '/thing']);
  });

  test('fail/wrong credentials: the words of the endpoint, and no secret', async () => {
    const web = await webServer((_call, response) => {
      response.writeHead(401).end('{"error":"invalid_client","error_description":"Unknown client"}');
    });
    server = web;
    const tokens = clientCredentials({ tokenUrl: web.url, clientId: 'me', clientSecret: secret });
    const error: unknown = await httpCaller({ baseUrl: web.url, tokens })(put).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'refused',
      call: 'POST /oauth/token',
      refusal: 'unauthorized',
      errorMessages: ['invalid_client: Unknown client'],
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
  });

  test.each(['<html>', '{"token":"t"}', '{"access_token":""}', 'null'])('fail/an answer like %s', async (body) => {
    const web = await webServer((_call, response) => response.writeHead(200).end(body));
    server = web;
    const tokens = clientCredentials({ tokenUrl: web.url, clientId: 'me', clientSecret: secret });
    await expect(tokens.current()).rejects.toMatchObject({ kind: 'bad-answer' });
  });
});
