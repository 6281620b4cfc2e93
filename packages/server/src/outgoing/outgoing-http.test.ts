import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { OutgoingError } from './outgoing-error.ts';
import { outgoingHttp } from './outgoing-http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<string> {
  const server = createServer(listener).listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `${host}:${address.port}`;
}

const open = outgoingHttp({ allowPrivateTargets: true });
const limits = { method: 'GET', maxBytes: 1000, deadlineMs: 2000 } as const;
const kindOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'an answer',
    (error) => (error instanceof OutgoingError ? error.kind : error),
  );

describe('requests to others', () => {
  test('ok/method, headers and body arrive, status and body come back', async () => {
    const host = await serve(async (request, response) => {
      const body = (await request.toArray()).join('');
      response.writeHead(418).end(`${request.method} ${request.headers['content-type']} ${body}`);
    });
    const headers = { 'content-type': 'text/plain' };
    const answer = await open({ ...limits, method: 'POST', url: `http://${host}/`, headers, body: Buffer.from('hi') });
    expect(answer.status).toBe(418);
    expect(Buffer.from(answer.body).toString()).toBe('POST text/plain hi');
  });

  test('ok/a name is looked up once, and the connection goes to the address that was judged', async () => {
    let host = '';
    const where = await serve((request, response) => {
      host = request.headers.host ?? '';
      response.end();
    });
    const asked: string[] = [];
    const send = outgoingHttp({
      allowPrivateTargets: true,
      async resolve(hostname) {
        asked.push(hostname);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    const port = where.split(':')[1];
    expect((await send({ ...limits, url: `http://ocsp.example:${port}/` })).status).toBe(200);
    expect(asked).toEqual(['ocsp.example']);
    expect(host).toBe(`ocsp.example:${port}`);
  });

  test.each([
    ['a number', (port: string) => `http://127.0.0.1:${port}/`],
    ['another spelling of it', (port: string) => `http://0x7f.1:${port}/`],
    ['one number', (port: string) => `http://2130706433:${port}/`],
    ['IPv6', (port: string) => `http://[::1]:${port}/`],
    ['IPv4 in IPv6', (port: string) => `http://[::ffff:127.0.0.1]:${port}/`],
    ['a name', (port: string) => `http://localhost:${port}/`],
    ['a name of the test', (port: string) => `http://inside.example:${port}/`],
  ])('fail/an internal address by %s', async (_name, urlFor) => {
    let reached = false;
    const where = await serve((_, response) => {
      reached = true;
      response.end();
    });
    const send = outgoingHttp({
      allowPrivateTargets: false,
      resolve: async () => [
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ],
    });
    expect(await kindOf(send({ ...limits, url: urlFor(where.split(':')[1] ?? '') }))).toBe('address-refused');
    expect(reached).toBe(false);
  });

  test('fail/a redirect to an internal address', async () => {
    let reached = false;
    const inside = await serve((_, response) => {
      reached = true;
      response.end();
    });
    const redirecting: RequestListener = (_, response) =>
      response.writeHead(302, { location: `http://${inside}/` }).end();
    const outside = await serve(redirecting, '127.0.0.2');
    // No server of the test is on the internet, so one of its addresses is taken for outside.
    const send = outgoingHttp({ allowPrivateTargets: false, isInternal: (address) => address !== '127.0.0.2' });
    const redirected = send({ ...limits, maxRedirects: 2, url: `http://${outside}/` });
    expect(await kindOf(redirected)).toBe('address-refused');
    expect(reached).toBe(false);
  });

  test('fail/too many redirects; none are followed unless told', async () => {
    const host = await serve((request, response) => response.writeHead(302, { location: request.url ?? '/' }).end());
    expect(await kindOf(open({ ...limits, url: `http://${host}/`, maxRedirects: 3 }))).toBe('too-many-redirects');
    expect(await kindOf(open({ ...limits, url: `http://${host}/` }))).toBe('too-many-redirects');
  });

  test.each([
    ['announced', { 'content-length': '2000' }],
    ['not announced', {}],
  ])('fail/a body larger than the limit, %s', async (_name, headers) => {
    const host = await serve((_, response) => response.writeHead(200, headers).end(Buffer.alloc(2000)));
    expect(await kindOf(open({ ...limits, url: `http://${host}/` }))).toBe('too-large');
  });

  test('fail/an answer that never ends, one that never comes, a name that is never found', async () => {
    const endless = await serve((_, response) => {
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const silent = await serve(() => undefined);
    const never = outgoingHttp({ allowPrivateTargets: true, resolve: () => new Promise(() => undefined) });
    const short = { ...limits, deadlineMs: 150 };
    expect(await kindOf(open({ ...short, url: `http://${endless}/` }))).toBe('timeout');
    expect(await kindOf(open({ ...short, url: `http://${silent}/` }))).toBe('timeout');
    expect(await kindOf(never({ ...short, url: 'http://ocsp.example/' }))).toBe('timeout');
  });

  test('fail/nobody there, no URL of HTTP, a password in it', async () => {
    const host = await serve(() => undefined);
    servers.splice(0).forEach((server) => void server.close());
    expect(await kindOf(open({ ...limits, url: `http://${host}/` }))).toBe('unreachable');
    expect(await kindOf(open({ ...limits, url: 'ldap://ocsp.example/' }))).toBe('bad-url');
    expect(await kindOf(open({ ...limits, url: 'http://a:b@ocsp.example/' }))).toBe('bad-url');
    expect(await kindOf(open({ ...limits, url: 'no url' }))).toBe('bad-url');
  });
});
