/** Several ecosystems that know each other, and peers that do what peers should not. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { freePort, listenLocally } from '../../../tools/local-port.ts';
import { at, call, list } from './dialects.ts';
import type { TestServer } from './running-server.ts';

type Server = Pick<TestServer, 'url'>;
type Headers = Readonly<Record<string, string>>;

/** The first takes the V2G roots of the others for its own. */
export async function trust(server: Server, others: readonly Server[], headers: Headers = {}): Promise<void> {
  for (const { url } of others) {
    const roots = await call(url, { method: 'GET', path: '/opnc/v1/rcp/rootcertificates?pkiType=v2g' });
    for (const root of list(at(roots.json, 'rootCertificateCollection'))) {
      const body = { caCertificate: at(root, 'caCertificate'), rootType: 'V2G' };
      const added = await call(server.url, { method: 'PUT', path: '/opnc/v1/rcp/rootcertificates', headers, body });
      if (added.status !== 200) throw new Error(`adding a root: ${added.text}`);
    }
  }
}

/** The id of the peer. */
export async function addPeer(
  server: Server,
  baseUrl: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Headers = {},
): Promise<string> {
  const body = { baseUrl, ...more };
  const added = await call(server.url, { method: 'POST', path: '/admin/v1/peers', headers, body });
  if (added.status !== 201) throw new Error(`adding a peer: ${added.text}`);
  return String(at(added.json, 'id'));
}

export async function removePeer(server: Server, id: string): Promise<void> {
  const removed = await call(server.url, { method: 'DELETE', path: `/admin/v1/peers/${id}` });
  if (removed.status !== 200) throw new Error(`removing a peer: ${removed.text}`);
}

export interface FalsePeer {
  readonly url: string;
  /** Method, path and headers of what it was asked. */
  readonly asked: readonly { readonly path: string; readonly headers: IncomingMessage['headers'] }[];
}

/** A server of the test's own; closed when the test has finished. */
export async function falsePeer(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<FalsePeer> {
  const asked: { path: string; headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  const port = await listenLocally(server);
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}

export function answering(status: number, body: unknown) {
  return (_request: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export const silence = (): void => undefined;

/** An address where nobody listens any more. */
export async function nobody(): Promise<string> {
  return `http://127.0.0.1:${await freePort()}`;
}
