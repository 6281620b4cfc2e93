import { type DestinationStream, pino } from 'pino';

/** More than that is written at once: what the library writes in one piece, less the longest line that is usual. */
const MOST_OCTETS = 15 * 1024;

/**
 * Writes the lines of one turn of the event loop with one call of the system; a call for each costs more than to make the
 * line. They are written before the next turn, and when the process ends by itself, an uncaught error included.
 * @param descriptor of an open file, such as 1
 */
export function linesOfATurn(descriptor: number): DestinationStream {
  const destination = pino.destination({ dest: descriptor, sync: true, minLength: MOST_OCTETS });
  let isPlanned = false;
  const flush = () => {
    isPlanned = false;
    destination.flushSync();
  };
  process.on('exit', flush);
  return {
    write(line) {
      destination.write(line);
      if (isPlanned) return;
      isPlanned = true;
      setImmediate(flush);
    },
  };
}
