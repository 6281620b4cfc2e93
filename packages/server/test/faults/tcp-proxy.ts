/** A line between two processes that can be cut, or go silent as a network does whose other end has gone. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listenLocally } from '../../../../tools/local-port.ts';

export interface TcpProxy {
  readonly port: number;
  /** Ends every connection with a reset, once; new ones are made. */
  cut(): void;
  /** Lets nothing pass any more, in either direction, and says nothing of it. */
  silence(): void;
  /** From now on things pass again; connections that were silent stay so. */
  restore(): void;
  /** Calls back when a message from the client holds the text, before it is passed on. */
  onSent(text: string, then: () => void): void;
}

/** To a port of this machine; closed when the test has finished. */
export async function tcpProxy(target: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  const watches: { text: string; then: () => void }[] = [];
  let silent = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    let dead = silent;
    const pass = (from: Socket, to: Socket, look: boolean) => {
      from.on('data', (data: Buffer) => {
        dead ||= silent;
        if (look) for (const { text, then } of watches) if (data.includes(text)) then();
        if (!dead && !to.destroyed) to.write(data);
      });
      from.on('close', () => {
        if (!dead) to.destroy();
      });
    };
    pass(near, far, true);
    pass(far, near, false);
  });
  const port = await listenLocally(server);
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  onTestFinished(async () => {
    cut();
    server.close();
    await once(server, 'close');
  });
  return {
    port,
    cut,
    silence: () => {
      silent = true;
    },
    restore: () => {
      silent = false;
    },
    onSent: (text, then) => watches.push({ text, then }),
  };
}
