/** Load over HTTP/1.1 with kept connections: prepared bytes out, answers counted and timed, little else done. */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Load {
  readonly port: number;
  /** Each sends its next request when the answer to the one before is there. */
  readonly connections: number;
  readonly seconds: number;
  /** The next request as it goes over the wire. */
  readonly next: () => Buffer;
  readonly expectedStatus: number;
  /** At most so many requests a second, over all connections; left out, as many as get answered. */
  readonly perSecond?: number;
}

export interface Answered {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Milliseconds of each request. */
  readonly latencies: Float64Array;
}

/** Throws when an answer has another status than expected; what was asked for is then not what was measured. */
export async function load({ port, connections, seconds, next, expectedStatus, perSecond }: Load): Promise<Answered> {
  const lines = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + seconds * 1000;
  const every = perSecond === undefined ? 0 : (connections / perSecond) * 1000;
  try {
    await Promise.all(
      lines.map(async (line) => {
        for (let asked = performance.now(); asked < end; ) {
          const { status, body } = await line.ask(next());
          if (status !== expectedStatus) throw new Error(`answered ${status}: ${body()}`);
          const answered = performance.now();
          latencies.push(answered - asked);
          const early = asked + every - answered;
          if (early > 0) await pause(early);
          asked = performance.now();
        }
      }),
    );
    const elapsed = (performance.now() - start) / 1000;
    return { requests: latencies.length, seconds: elapsed, latencies: Float64Array.from(latencies) };
  } finally {
    for (const line of lines) line.close();
  }
}

export interface SteadyLoad {
  readonly port: number;
  readonly requests: readonly Buffer[];
  /** They are sent at this rate, whether those before are answered or not. */
  readonly perSecond: number;
  /** A request that finds none of them free waits, and that counts. */
  readonly connections: number;
  readonly expectedStatus: number;
}

/**
 * An open loop: requests come as from many who know nothing of each other, evenly spread. A latency goes from when the
 * request is given to a connection or has to wait for one, to the last octet of its answer.
 */
export async function steadyLoad(order: SteadyLoad): Promise<Answered> {
  const { port, requests, perSecond, connections, expectedStatus } = order;
  const lines = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const latencies = new Float64Array(requests.length);
  const free = [...lines];
  const waiting: (() => void)[] = [];
  const send = async (request: Buffer, index: number) => {
    const due = performance.now();
    let line = free.pop();
    while (line === undefined) {
      await new Promise<void>((resolve) => waiting.push(resolve));
      line = free.pop();
    }
    const { status, body } = await line.ask(request);
    latencies[index] = performance.now() - due;
    free.push(line);
    waiting.shift()?.();
    if (status !== expectedStatus) throw new Error(`answered ${status}: ${body()}`);
  };
  const start = performance.now();
  try {
    const sent: Promise<void>[] = [];
    while (sent.length < requests.length) {
      const due = Math.min(requests.length, Math.ceil(((performance.now() - start) / 1000) * perSecond));
      for (const request of requests.slice(sent.length, due)) sent.push(send(request, sent.length));
      await pause(1);
    }
    await Promise.all(sent);
    return { requests: requests.length, seconds: (performance.now() - start) / 1000, latencies };
  } finally {
    for (const line of lines) line.close();
  }
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  /** Access token. */
  readonly token: string;
}

/** A request without a body as it goes over the wire. */
export function getRequest(path: string, token: string): Buffer {
  const head = [`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: Bearer ${token}`];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
}

/** A request with a JSON body as it goes over the wire. */
export function httpRequest({ method, path, token }: RequestLine, body: unknown): Buffer {
  const content = JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${token}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(content)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${content}`);
}

interface Reply {
  readonly status: number;
  readonly body: () => string;
}

interface Line {
  ask(request: Buffer): Promise<Reply>;
  close(): void;
}

function open(port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(lineOver(socket));
    });
  });
}

const HEAD_END = '\r\n\r\n';

function lineOver(socket: Socket): Line {
  let chunks: Buffer[] = [];
  let missing = Number.NaN;
  let waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;

  socket.on('data', (chunk) => {
    chunks.push(chunk);
    if (Number.isNaN(missing)) {
      const received = chunks.length === 1 ? chunk : Buffer.concat(chunks);
      const headEnd = received.indexOf(HEAD_END);
      if (headEnd < 0) return;
      missing = headEnd + HEAD_END.length + contentLength(received, headEnd) - received.length;
    } else {
      missing -= chunk.length;
    }
    if (missing <= 0) finish();
  });
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));

  function finish(): void {
    const [first = Buffer.alloc(0)] = chunks;
    const received = chunks;
    chunks = [];
    missing = Number.NaN;
    waiting?.resolve({
      // `HTTP/1.1 200`
      status: Number(first.toString('latin1', 9, 12)),
      body: () => Buffer.concat(received).toString().split(HEAD_END).slice(1).join(HEAD_END),
    });
  }

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** Octets of the body; this client knows no other way to say where an answer ends. */
function contentLength(received: Buffer, headEnd: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, headEnd))?.[1];
  if (length === undefined) throw new Error('an answer came without Content-Length');
  return Number(length);
}
