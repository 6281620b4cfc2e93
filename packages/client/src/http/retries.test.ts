import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebServer, webServer } from '../../test/web-server.ts';
import { type Call, type HttpCallerOptions, httpCaller } from './http-caller.ts';

let server: WebServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Reply = (response: ServerResponse) => unknown;
const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('{}');

/** A server that gives these replies in turn, the last one for ever, and what a caller of it does. */
async function serverThatReplies(...replies: [Reply, ...Reply[]]) {
  const web = await webServer((_call, response) => {
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    reply?.(response);
  });
  server = web;
  const pauses: number[] = [];
  const options: HttpCallerOptions = {
    baseUrl: web.url,
    retries: {
      random: () => 0.5,
      pause: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
  };
  return { options, pauses, arrived: web.arrived };
}

const get: Call = { method: 'GET', path: '/thing' };

describe('a call that may be repeated', () => {
  test('ok/goes through once the server is there again, after pauses that double', async () => {
    const { options, pauses, arrived } = await serverThatReplies(status(503), status(502), status(429), status(200));
    expect((await httpCaller(options)(get)).status).toBe(200);
    expect(arrived).toHaveLength(4);
    expect(pauses).toEqual([100, 200, 400]);
  });

  test('ok/after a lost connection', async () => {
    const { options, arrived } = await serverThatReplies((response) => response.destroy(), status(200));
    expect((await httpCaller(options)(get)).status).toBe(200);
    expect(arrived).toHaveLength(2);
  });

  test('ok/waits as long as the server wishes, in seconds or until a date', async () => {
    const soon = new Date(Date.now() + 20_000).toUTCString();
    const { options, pauses } = await serverThatReplies(
      status(503, { 'retry-after': '7' }),
      status(503, { 'retry-after': soon }),
      status(503, { 'retry-after': 'later' }),
      status(200),
    );
    await httpCaller(options)(get);
    expect(pauses[0]).toBe(7000);
    expect(pauses[1]).toBeGreaterThan(10_000);
    expect(pauses[1]).toBeLessThanOrEqual(20_000);
    expect(pauses[2]).toBe(400);
  });

  test('fail/a wish for a longer pause than allowed ends it', async () => {
    const { options, pauses, arrived } = await serverThatReplies(status(429, { 'retry-after': '31' }));
    await expect(httpCaller(options)(get)).rejects.toMatchObject({
      refusal: 'too-many-requests',
      retryAfterMilliseconds: 31_000,
    });
    expect([arrived.length, pauses]).toEqual([1, []]);
  });

  test('fail/as the last attempt did', async () => {
    const { options, arrived } = await serverThatReplies(status(503), status(503), status(503), status(504));
    await expect(httpCaller(options)(get)).rejects.toMatchObject({ refusal: 'unavailable', status: 504 });
    expect(arrived).toHaveLength(4);
  });

  test('fail/aborted while it pauses', async () => {
    const { options } = await serverThatReplies(status(503));
    const abort = new AbortController();
    const call = httpCaller({
      ...options,
      retries: { firstPauseMilliseconds: 1e9, longestPauseMilliseconds: 1e9, random: () => 0.9 },
      observe: () => setImmediate(() => abort.abort()),
    });
    await expect(call({ ...get, signal: abort.signal })).rejects.toMatchObject({ kind: 'aborted' });
  });

  test.each([400, 401, 404, 409, 500])('fail/%d is told at once', async (code) => {
    const { options, arrived } = await serverThatReplies(status(code));
    await expect(httpCaller(options)(get)).rejects.toMatchObject({ status: code });
    expect(arrived).toHaveLength(1);
  });
});

describe('which calls may be repeated', () => {
  test.each([
    ['PUT', false, 1],
    ['PUT', true, 4],
    ['DELETE', false, 1],
    ['DELETE', true, 4],
    ['POST', false, 1],
    ['GET', false, 4],
  ] as const)('%s, repeatable %s: %d attempts', async (method, repeatable, attempts) => {
    const { options, arrived } = await serverThatReplies(status(503));
    await expect(httpCaller(options)({ method, path: '/thing', repeatable })).rejects.toMatchObject({ status: 503 });
    expect(arrived).toHaveLength(attempts);
  });
});
