import { once } from 'node:events';
import {
  decode,
  decodeFragment,
  type ElementName,
  ExiError,
  encode,
  encodeFragment,
  fromJson,
  fromJsonFragment,
  type JsonValue,
  type SchemaSet,
  toJson,
  toJsonFragment,
} from '@plugpool/exi';
import { type ExiSchemaName, exiSchemaNames, exiSchemas } from '@plugpool/iso15118';
import { UsageError } from './command.ts';
import type { Io } from './io.ts';
import { type Line, linesOf, tooLong } from './lines.ts';
import { oneOf, parseOptions } from './options.ts';

export const usage = `Usage: plugpool exi encode|decode --schema NAME [--fragment] < INPUT > OUTPUT

Reads one JSON object a line and answers each with one line, in order:

  decode   {"exiHex":"80…"}   becomes   {"message":{…}}
  encode   {"message":{…}}    becomes   {"exiHex":"80…"}

A line that cannot be done becomes {"error":"…"} with "code", "bitOffset" and "path" as far as there are any; it
stops nothing, and the exit code stays 0. Binary values are lower-case hex, integers beyond 53 bits decimal strings.

  --schema NAME   ${exiSchemaNames.join(', ')}
  --fragment      lines are fragments: {"message":{"AuthorizationReq":{…}}}; a name that several namespaces have
                  comes with "uri" beside "message"
`;

/** Octets of a line; hex of a message at the decoder's limit of 256 KiB has twice that. */
const longestLine = 4 * 1024 * 1024;

type Direction = 'encode' | 'decode';
type JsonObject = { readonly [key: string]: JsonValue };
type Answer = (line: JsonObject) => object;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, { schema: { type: 'string' }, fragment: { type: 'boolean' } });
  const [word, ...more] = positionals;
  if (word === undefined || more.length > 0) throw new UsageError('say either encode or decode');
  const direction: Direction = oneOf(word, 'the first word', ['encode', 'decode']);
  if (values.schema === undefined) throw new UsageError(`--schema is missing, one of ${exiSchemaNames.join(', ')}`);
  const schema: ExiSchemaName = oneOf(values.schema, '--schema', exiSchemaNames);
  const answer = (values.fragment === true ? fragmentAnswers : documentAnswers)(exiSchemas[schema])[direction];
  for await (const batch of linesOf(io.stdin, longestLine)) {
    const answers = batch.map((line) => `${JSON.stringify(answered(line, answer))}\n`).join('');
    if (!io.stdout.write(answers)) await once(io.stdout, 'drain');
  }
  return 0;
}

function documentAnswers(set: SchemaSet): Record<Direction, Answer> {
  return {
    decode: (line) => ({ message: toJson(set, decode(set, exiIn(line))) }),
    encode: (line) => ({ exiHex: hex(encode(set, fromJson(set, messageIn(line)))) }),
  };
}

function fragmentAnswers(set: SchemaSet): Record<Direction, Answer> {
  const ambiguous = new Map<string, boolean>();
  return {
    decode(line) {
      const { name, uri, value } = decodeFragment(set, exiIn(line));
      const message = { [name]: toJsonFragment(set, { name, uri }, value) };
      const several = ambiguous.get(name) ?? isAmbiguous(set, name, value);
      ambiguous.set(name, several);
      return several ? { message, uri } : { message };
    },
    encode(line) {
      const message = messageIn(line);
      const [root, ...others] = isObject(message) ? Object.entries(message) : [];
      if (root === undefined || others.length > 0) {
        throw new BadLine('"message" of a fragment is an object with one key, the name of its element');
      }
      const [local, json] = root;
      const { uri } = line;
      const name: ElementName = typeof uri === 'string' ? { name: local, uri } : local;
      return { exiHex: hex(encodeFragment(set, name, fromJsonFragment(set, name, json))) };
    },
  };
}

/** Whether several namespaces of the set have an element of this name. */
function isAmbiguous(set: SchemaSet, name: string, value: unknown): boolean {
  try {
    toJsonFragment(set, name, value);
    return false;
  } catch (error) {
    if (error instanceof ExiError && error.code === 'ambiguous-name') return true;
    throw error;
  }
}

/** What happens with one line must not end the work on the others, whatever it is. */
function answered(line: Line, answer: Answer): object {
  try {
    return answer(objectIn(line));
  } catch (error) {
    if (error instanceof ExiError) {
      const { message, code, bitOffset, path } = error;
      return { error: message, code, bitOffset, path: path === '' ? undefined : path };
    }
    if (error instanceof BadLine) return { error: error.message, code: 'bad-line' };
    return { error: `unexpected: ${error instanceof Error ? error.message : String(error)}`, code: 'unexpected' };
  }
}

/** A line that is not even a question. */
class BadLine extends Error {}

function objectIn(line: Line): JsonObject {
  if (line === tooLong) throw new BadLine(`the line has more than ${longestLine} octets`);
  const value = parsed(line);
  if (isObject(value)) return value;
  throw new BadLine('the line is not a JSON object');
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(line: string): JsonValue {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new BadLine(`the line is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function exiIn({ exiHex }: JsonObject): Uint8Array {
  if (typeof exiHex !== 'string') throw new BadLine('"exiHex" is missing or not a text');
  if (exiHex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(exiHex)) throw new BadLine('"exiHex" is not hexadecimal');
  return Uint8Array.from(Buffer.from(exiHex, 'hex'));
}

function messageIn({ message }: JsonObject): JsonValue {
  if (message === undefined) throw new BadLine('"message" is missing');
  return message;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
