/** Ports of this machine, for servers that last as long as a test or a measurement. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Listens at 127.0.0.1, on a free port where none is given. Returns the port. Throws what `listen` fails with. */
export async function listenLocally(server: Server, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}

/** Nobody listens there now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenLocally(server);
  server.close();
  await once(server, 'close');
  return port;
}
