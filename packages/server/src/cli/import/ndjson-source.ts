/** Vehicles from a file with one JSON object a line, in the fields of publishing. */
import { createReadStream } from 'node:fs';
import { writtenVehicle } from '../../dialects/written-vehicle.ts';
import { ValidationError } from '../../http/validation.ts';
import { DomainError } from '../../kernel/domain-error.ts';
import { type Line, linesOf, tooLong } from '../lines.ts';
import type { Entry, Source } from './entry.ts';

const LONGEST_LINE = 256 * 1024;
const CHUNK_OCTETS = 1024 * 1024;
const NEWLINE = 0x0a;

export function ndjsonSource(file: string): Source {
  const open = () => createReadStream(file, { highWaterMark: CHUNK_OCTETS });
  return {
    /** Of lines, empty ones included: finding out which are empty would take as long as reading them. */
    async count() {
      let lines = 0;
      let last = NEWLINE;
      for await (const chunk of open()) {
        const octets: Buffer = chunk;
        for (let at = octets.indexOf(NEWLINE); at >= 0; at = octets.indexOf(NEWLINE, at + 1)) lines++;
        last = octets.at(-1) ?? last;
      }
      return last === NEWLINE ? lines : lines + 1;
    },

    async *entries() {
      let number = 0;
      for await (const lines of linesOf(open(), LONGEST_LINE)) {
        for (const line of lines) {
          number++;
          if (line !== '') yield await entryOf(line, `${file}:${number}`);
        }
      }
    },
  };
}

async function entryOf(line: Line, place: string): Promise<Entry> {
  if (line === tooLong) return { place, messages: [`the line is longer than ${LONGEST_LINE} octets`] };
  try {
    return { place, vehicle: await writtenVehicle(JSON.parse(line)) };
  } catch (error) {
    if (error instanceof SyntaxError) return { place, messages: ['the line is no JSON'] };
    if (error instanceof DomainError || error instanceof ValidationError) {
      return { place, messages: error.errorMessages };
    }
    throw error;
  }
}
