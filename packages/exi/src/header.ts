import type { BitReader } from './bits/bit-reader.ts';
import type { BitWriter } from './bits/bit-writer.ts';
import { ExiError } from './errors.ts';
import { optionsIn } from './header-options.ts';

/** Distinguishing bits `10`, no options, final version 1 (EXI 1.0 §5): the only header that ISO 15118 uses. */
const HEADER = 0x80;

export function writeHeader(writer: BitWriter): void {
  writer.octet(HEADER);
}

export function readHeader(reader: BitReader): void {
  const header = reader.octet();
  if (header === HEADER) return;
  throw new ExiError('invalid-header', described(header, reader), { bitOffset: 0, expected: ['80'] });
}

/** What the stream begins with instead. */
function described(header: number, reader: BitReader): string {
  const begins = `the stream begins with ${hex(header)}`;
  if (header >>> 6 === 0b10) {
    const version = versionOf(header, reader);
    if (version !== 'version 1') return `${begins}: EXI ${version}`;
    return `${begins}: EXI options (${optionsIn(reader).join(', ')})`;
  }
  const second = reader.octetsBehind > 0 ? reader.octet() : -1;
  if (header === 0x24 && second === 0x45) return `${begins} ${hex(second)}: the EXI cookie`;
  if (header === 0x01 && second === 0xfe) return `${begins} ${hex(second)}: a V2GTP header, which has to be taken off`;
  if (header === 0x3c) return `${begins}: XML as text`;
  return `${begins}: no EXI`;
}

/** Bit 4 tells a preview of a version; a version of 15 or more goes on in the next four bits (EXI 1.0 §5.3). */
function versionOf(header: number, reader: BitReader): string {
  const preview = (header & 0x10) !== 0 ? 'preview ' : '';
  let part = header & 0x0f;
  let version = part + 1;
  while (part === 0x0f && reader.octetsBehind > 0) {
    part = reader.bits(4);
    version += part;
  }
  return `${preview}version ${version}`;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}
