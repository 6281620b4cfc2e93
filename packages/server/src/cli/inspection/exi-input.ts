import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { readV2gtpHeader } from '@plugpool/exi';
import { type ExiInput, exiInputOf, octetsOfText } from '@plugpool/iso15118';
import { UsageError } from '../command.ts';
import type { Io } from '../io.ts';

const largest = 1024 * 1024;

/**
 * Octets from a file, from standard input (`-`), or from the argument itself in base64 or hexadecimal. What a file or
 * standard input holds may be either text or the octets.
 * @throws UsageError when it is none of these, or larger than 1 MiB
 */
export async function readExiInput(argument: string, io: Pick<Io, 'stdin'>): Promise<ExiInput> {
  return exiInputOf(await octetsOf(argument, io));
}

async function octetsOf(argument: string, { stdin }: Pick<Io, 'stdin'>): Promise<Uint8Array> {
  if (argument === '-') return fromContent(await allOf(stdin, 'standard input'), 'standard input');
  // A pipe is a file as well, so that `inspect <(…)` works; its size is only known at its end.
  if (await isFile(argument)) return fromContent(await allOf(createReadStream(argument), argument), argument);
  const octets = octetsOfText(argument);
  if (octets !== undefined) return octets;
  throw new UsageError(`"${shortened(argument)}" is no file, no base64 and no hexadecimal`);
}

async function allOf(stream: AsyncIterable<Uint8Array | string>, name: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of stream) {
    const part = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    octets += part.length;
    if (octets > largest) throw new UsageError(`${name} has more than ${largest} octets`);
    parts.push(part);
  }
  if (octets === 0) throw new UsageError(`${name} is empty`);
  return Buffer.concat(parts);
}

/** No file is what base64 looks like, also when it is too long for the name of one. */
async function isFile(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) throw new UsageError(`${path} is a folder`);
    return true;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR') return false;
    throw new UsageError(`${path} cannot be read (${String(code)})`);
  }
}

/** EXI begins with 80 and V2GTP with 01 FE, which text never does. */
function fromContent(content: Uint8Array, name: string): Uint8Array {
  if (content[0] === 0x80 || readV2gtpHeader(content) !== undefined) return content;
  const octets = octetsOfText(Buffer.from(content).toString('latin1'));
  if (octets !== undefined) return octets;
  // Let the decoder say what is wrong with the first octet.
  if (content.some((octet) => octet < 0x09 || octet > 0x7e)) return content;
  throw new UsageError(`${name} holds text that is neither base64 nor hexadecimal`);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
