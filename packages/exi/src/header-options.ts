import type { BitReader } from './bits/bit-reader.ts';
import { ExiError } from './errors.ts';
import { readString } from './primitives/string.ts';
import { readUnsigned } from './primitives/unsigned.ts';

/** An option: there or not, with a number, with text that may be nil, one of two, or a group of others. */
type Option = 'flag' | 'number' | 'nillable text' | 'alignment' | 'map' | Options;
interface Options {
  readonly [name: string]: Option;
}

/** The options document (EXI 1.0 §5.4 and appendix C), every element optional, in its order. */
const HEADER: Options = {
  lesscommon: {
    uncommon: {
      alignment: 'alignment',
      selfContained: 'flag',
      valueMaxLength: 'number',
      valuePartitionCapacity: 'number',
      datatypeRepresentationMap: 'map',
    },
    preserve: { dtd: 'flag', prefixes: 'flag', lexicalValues: 'flag', comments: 'flag', pis: 'flag' },
    blockSize: 'number',
  },
  common: { compression: 'flag', fragment: 'flag', schemaId: 'nillable text' },
  strict: 'flag',
};

/**
 * The options that a stream states behind the first octet of its header, in words; only for error messages, since
 * ISO 15118 has none. Ends where something cannot be read.
 */
export function optionsIn(reader: BitReader): string[] {
  const found: string[] = [];
  try {
    if (reader.bit() === 0) readOptions(reader, HEADER, found);
    else found.push('unknown ones');
  } catch (error) {
    if (!(error instanceof ExiError)) throw error;
    found.push('cut short');
  }
  return found.length === 0 ? ['none stated'] : found;
}

/** Strict grammar: no escape codes, so the width is that of the alternatives left. False when it cannot go on. */
function readOptions(reader: BitReader, options: Options, found: string[]): boolean {
  const names = Object.keys(options);
  const wildcards = 'alignment' in options ? 1 : 0;
  for (let next = 0; ; ) {
    const left = names.length - next;
    const code = reader.bits(32 - Math.clz32(left + (next === 0 ? wildcards : 0)));
    const name = names[next + code];
    if (name === undefined) {
      if (code === left + (next === 0 ? wildcards : 0)) return true;
      found.push('options of other namespaces');
      return false;
    }
    if (!readOption(reader, name, options[name], found)) return false;
    next += code + 1;
  }
}

function readOption(reader: BitReader, name: string, option: Option | undefined, found: string[]): boolean {
  switch (option) {
    case undefined:
    case 'map':
      found.push(name);
      return false;
    case 'flag':
      found.push(name);
      return true;
    case 'number':
      found.push(`${name} ${readUnsigned(reader)}`);
      return true;
    case 'alignment':
      found.push(`alignment ${reader.bit() === 0 ? 'byte' : 'pre-compress'}`);
      return true;
    case 'nillable text':
      found.push(reader.bit() === 0 ? `${name} ${JSON.stringify(readString(reader).slice(0, 60))}` : `${name} nil`);
      return true;
    default:
      return readOptions(reader, option, found);
  }
}
