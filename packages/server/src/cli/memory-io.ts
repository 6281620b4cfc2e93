import { Readable, Writable } from 'node:stream';
import type { Io } from './io.ts';

export interface MemoryIo extends Io {
  readonly out: () => string;
  readonly err: () => string;
}

export interface MemoryIoOptions {
  readonly stdin?: Iterable<string | Uint8Array>;
  readonly env?: Io['env'];
  readonly isTty?: boolean;
}

/** A world in memory, for tests. */
export function memoryIo({ stdin = [], env = {}, isTty = false }: MemoryIoOptions = {}): MemoryIo {
  const [out, err] = [collector(), collector()];
  return {
    stdout: out.stream,
    stderr: err.stream,
    stdin: Readable.from(stdin, { objectMode: false }),
    env,
    isTty,
    out: out.text,
    err: err.text,
  };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
