/** A server that receives webhooks as a party's would: on a port of its own, over HTTP. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, vi } from 'vitest';
import { listenLocally } from '../../../tools/local-port.ts';
import { at, type Call, call } from './dialects.ts';

export interface Received {
  readonly eventId: string;
  readonly eventType: string;
  readonly payload: unknown;
  readonly content: unknown;
  /** The octets as they were sent. */
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
  readonly path: string;
}

export interface Receiver {
  readonly url: string;
  /** In the order of their arrival. */
  readonly received: readonly Received[];
  /** What happens to the requests from now on. */
  answer(handle: Handle): void;
  close(): Promise<void>;
}

type Handle = (received: Received, response: ServerResponse) => void;

export const status =
  (code: number, body = ''): Handle =>
  (_received, response) => {
    response.writeHead(code).end(body);
  };

/** Closed when the test has finished. */
export async function startReceiver(handle: Handle = status(204), port = 0): Promise<Receiver> {
  const received: Received[] = [];
  let current = handle;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const content: unknown = JSON.parse(body.toString('utf8'));
    const one = {
      eventId: String(at(content, 'eventId')),
      eventType: String(at(content, 'eventType')),
      payload: at(content, 'payload'),
      content,
      body,
      headers: request.headers,
      path: request.url ?? '',
    };
    received.push(one);
    current(one, response);
  });
  const url = `http://127.0.0.1:${await listenLocally(server, port)}`;
  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(close);
  return {
    url,
    received,
    answer(next) {
      current = next;
    },
    close,
  };
}

/** The three signatures are those of the octets that came, under this secret. */
export function expectSigned({ body, headers }: Received, secret: string): void {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-operator-signature': signature,
    'x-hubject-signature': `sha256=${signature}`,
    'payload-signature': signature,
  });
}

export const paths = { opnc: '/opnc/v1/event/endpoints', opcp: '/v1/webhook/endpoints' } as const;

export interface Registered {
  readonly id: string;
  readonly secret: string;
  readonly path: string;
}

/** Registers an endpoint, in OPCP unless told otherwise. */
export async function register(
  url: string,
  body: { readonly url: string; readonly enabledEvents: readonly string[] } & Record<string, unknown>,
  dialect: keyof typeof paths = 'opcp',
): Promise<Registered> {
  const { status: code, json, text } = await call(url, { method: 'POST', path: paths[dialect], body });
  if (code !== 201) throw new Error(`registering: ${code} ${text}`);
  const id = String(at(json, 'id'));
  // Nobody listens there any more, which other tests would hear of.
  onTestFinished(async () => {
    await call(url, { method: 'DELETE', path: `${paths[dialect]}/${id}` }).catch(() => undefined);
  });
  return { id, secret: String(at(json, 'secret')), path: `${paths[dialect]}/${id}` };
}

/** Waits until it holds, for seconds at most; the last failure is the test's. */
export function eventually<T>(holds: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(holds, { timeout: 20_000, interval: 50 });
}

export async function deliveriesOf(url: string, endpoint: Registered, query = ''): Promise<readonly unknown[]> {
  const asked: Call = { method: 'GET', path: `${endpoint.path}/deliveries${query}` };
  const { json } = await call(url, asked);
  const found = at(json, 'deliveries');
  return Array.isArray(found) ? found : [];
}
