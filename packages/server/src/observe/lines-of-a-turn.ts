import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Characters that wait for a reader that takes none; lines beyond that are lost, and counted. */
const MOST_WAITING = 1024 * 1024;
const AGAIN_AFTER_MS = 10;

/**
 * Writes the lines of one turn of the event loop with one call of the system; a call for each costs more than to make the
 * line. They are written before the next turn, and when the process ends by itself, an uncaught error included. What a full
 * pipe does not take is written later, without waiting for it unless it was made to block; when its reader has gone, nobody
 * is told anything any more.
 * @param descriptor of an open file or pipe, such as 1
 */
export function linesOfATurn(descriptor: number): DestinationStream {
  let lines = '';
  let rest: Uint8Array = new Uint8Array(0);
  let lost = 0;
  let isPlanned = false;
  let isOver = false;

  function flush(): void {
    isPlanned = false;
    const octets = Buffer.concat([rest, Buffer.from(lines)]);
    lines = '';
    rest = octets.subarray(written(octets));
    if (rest.length > 0 && !isOver) {
      isPlanned = true;
      setTimeout(flush, AGAIN_AFTER_MS).unref();
    } else if (lost > 0) {
      const line = { level: 40, time: new Date().toISOString(), lost, msg: 'lines were lost: the log was not read' };
      lost = 0;
      write(`${JSON.stringify(line)}\n`);
    }
  }

  /** How many octets were taken. */
  function written(octets: Uint8Array): number {
    let at = 0;
    try {
      while (at < octets.length) at += writeSync(descriptor, octets, at);
    } catch (error) {
      isOver = !(error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY'));
    }
    return at;
  }

  function write(line: string): void {
    if (isOver) return;
    if (lines.length + rest.length > MOST_WAITING) {
      lost++;
      return;
    }
    lines += line;
    if (isPlanned) return;
    isPlanned = true;
    setImmediate(flush);
  }

  process.on('exit', flush);
  return { write };
}
