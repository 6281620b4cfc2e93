/** The codec's own benchmark, run in a process of its own; its figure for the signed response is taken from its table. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Section } from './figures.ts';

const RESPONSE_OCTETS = 4_020;
/** `| message | octets | 10.9 µs, 370 MB/s | 12.7 µs, 318 MB/s |` */
const ROW = /^\| [^|]* \| (\d+) \| ([\d.]+) µs, ([\d.]+) MB\/s \| ([\d.]+) µs, ([\d.]+) MB\/s \|$/gm;

export async function benchExi(): Promise<Section> {
  const program = fileURLToPath(new URL('../packages/exi/bench/codec.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const row = [...stdout.matchAll(ROW)].find(([, octets]) => Number(octets) === RESPONSE_OCTETS);
  if (row === undefined) {
    throw new Error(`the table of packages/exi/bench/codec.ts has no row of ${RESPONSE_OCTETS} octets`);
  }
  const [, , decodeTime, decodeRate, encodeTime, encodeRate] = row.map(Number);
  return {
    title: `EXI, signed response of ${RESPONSE_OCTETS.toLocaleString('en')} octets`,
    figures: [
      { name: 'decode', value: decodeTime ?? Number.NaN, unit: 'µs', target: { atMost: 14 } },
      { name: 'decode', value: decodeRate ?? Number.NaN, unit: 'MB/s' },
      { name: 'encode', value: encodeTime ?? Number.NaN, unit: 'µs', target: { atMost: 20 } },
      { name: 'encode', value: encodeRate ?? Number.NaN, unit: 'MB/s' },
    ],
  };
}
