import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { listenLocally } from '../../../tools/local-port.ts';

/** A call as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebServer {
  readonly url: string;
  readonly arrived: Arrived[];
  close(): Promise<void>;
}

/** A real HTTP server on a free port that answers as it is told. */
export async function webServer(answer: (call: Arrived, response: ServerResponse) => void): Promise<WebServer> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const { method = '', url = '', headers } = request;
    const call = { method, url, headers, body: Buffer.concat(parts).toString('utf8') };
    arrived.push(call);
    answer(call, response);
  });
  return {
    url: `http://127.0.0.1:${await listenLocally(server)}`,
    arrived,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
