import { afterEach, describe, expect, test } from 'vitest';
import { type Arrived, type WebServer, webServer } from '../../test/web-server.ts';
import type { CallError } from './call-error.ts';
import { type Exchange, httpCaller, pathOf } from './http-caller.ts';

let server: WebServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function serverThat(...answer: Parameters<typeof webServer>): Promise<WebServer> {
  server = await webServer(...answer);
  return server;
}

const get = { method: 'GET', path: '/thing' } as const;

describe('a call', () => {
  test('sends method, path, query, headers and body, and tells the observer', async () => {
    const { url, arrived } = await serverThat((_call, response) => response.writeHead(201).end('{"a":1}'));
    const exchanges: Exchange[] = [];
    const call = httpCaller({
      baseUrl: `${url}/base/`,
      headers: () => ({ authorization: 'Bearer t' }),
      observe: (exchange) => exchanges.push(exchange),
    });
    const answer = await call({
      method: 'PUT',
      path: '/thing',
      query: { a: '1 2', b: undefined },
      headers: { 'x-own': 'yes' },
      body: { type: 'application/json', content: '{"ü":1}' },
    });
    expect(Buffer.from(answer.body).toString()).toBe('{"a":1}');
    expect(arrived).toMatchObject<Partial<Arrived>[]>([
      {
        method: 'PUT',
        url: '/base/thing?a=1+2',
        body: '{"ü":1}',
        headers: { authorization: 'Bearer t', 'x-own': 'yes', 'content-type': 'application/json' },
      },
    ]);
    expect(exchanges).toEqual([
      {
        method: 'PUT',
        path: '/base/thing?a=1+2',
        status: 201,
        sentOctets: 8,
        receivedOctets: 7,
        milliseconds: expect.any(Number),
        sent: { type: 'application/json', content: '{"ü":1}' },
        received: { type: '', content: expect.any(Uint8Array) },
      },
    ]);
  });

  test('refused/says what the server says, and the observer hears of it', async () => {
    const { url } = await serverThat((_call, response) => {
      response.writeHead(400).end('{"errorMessages":["pcid : must match","x"],"traceId":"t-1"}');
    });
    const exchanges: Exchange[] = [];
    const failure = httpCaller({ baseUrl: url, observe: (exchange) => exchanges.push(exchange) })(get);
    await expect(failure).rejects.toMatchObject<Partial<CallError>>({
      kind: 'refused',
      call: 'GET /thing',
      status: 400,
      refusal: 'field-invalid',
      errorMessages: ['pcid : must match', 'x'],
      traceId: 't-1',
      message: 'GET /thing: answered 400: pcid : must match; x',
    });
    expect(exchanges).toMatchObject([{ status: 400 }]);
  });

  test('refused/a body in another form is no problem, the trace id of the header is taken', async () => {
    const { url } = await serverThat((_call, response) => {
      response.writeHead(500, { 'x-trace-id': 't-2' }).end('<h1>Oops</h1>');
    });
    await expect(httpCaller({ baseUrl: url })(get)).rejects.toMatchObject({
      kind: 'refused',
      status: 500,
      refusal: 'server-error',
      errorMessages: [],
      traceId: 't-2',
    });
  });

  test('refused/redirects are not followed', async () => {
    const { url, arrived } = await serverThat((_call, response) => response.writeHead(302, { location: '/' }).end());
    await expect(httpCaller({ baseUrl: url })(get)).rejects.toMatchObject({ kind: 'refused', status: 302 });
    expect(arrived).toHaveLength(1);
  });

  test('timeout/no whole answer in time', async () => {
    const { url } = await serverThat((_call, response) => void response.writeHead(200).write('{'));
    await expect(
      httpCaller({ baseUrl: url, timeoutMilliseconds: 50, retries: { times: 0 } })(get),
    ).rejects.toMatchObject({
      kind: 'timeout',
      message: `GET /thing: no answer from ${url} within 50 ms`,
    });
  });

  test('aborted/by the signal of the caller', async () => {
    const { url } = await serverThat(() => abort.abort());
    const abort = new AbortController();
    const failure = httpCaller({ baseUrl: url })({ ...get, signal: abort.signal });
    await expect(failure).rejects.toMatchObject({ kind: 'aborted' });
  });

  test('unreachable/nobody listens', async () => {
    const { url, close } = await serverThat(() => undefined);
    await close();
    await expect(httpCaller({ baseUrl: url, retries: { times: 0 } })(get)).rejects.toMatchObject({
      kind: 'unreachable',
      message: `GET /thing: no answer from ${url} (ECONNREFUSED)`,
    });
  });

  test('bad-answer/larger than allowed', async () => {
    const { url } = await serverThat((_call, response) => response.writeHead(200).end('x'.repeat(101)));
    await expect(httpCaller({ baseUrl: url, largestAnswer: 100 })(get)).rejects.toMatchObject({
      kind: 'bad-answer',
      message: 'GET /thing: the answer has more than 100 octets',
    });
  });
});

describe('pathOf', () => {
  test('encodes values, so that they stay one segment', () => {
    expect(pathOf`/a/${'b/c?d#e'}/f`).toBe('/a/b%2Fc%3Fd%23e/f');
  });

  test.each(['.', '..'])('refuses %s, which a URL would resolve', (value) => {
    expect(() => pathOf`/a/${value}`).toThrow(RangeError);
  });
});
