/** Bodies as people read them, and the messages that are in them. */
import type { WireBody } from '@plugpool/client';
import { exiInputOf, inspect, octetsOfText, piecesOf } from '@plugpool/iso15118';
import { rowsOf } from '../inspector/rows.ts';
import { texts } from '../texts/texts.ts';

const LONGEST_VALUE = 96;
const SHORTEST_MESSAGE = 40;

export interface FoundMessage {
  /** Such as `CertificateInstallationReq of ISO 15118-2`. */
  readonly name: string;
  readonly exi: Uint8Array;
  /** A field a line. */
  readonly decoded: string;
}

export interface WireText {
  readonly text: string;
  readonly messages: readonly FoundMessage[];
}

/** JSON with line ends and long values cut; all else as it is. */
export function wireTextOf(body: WireBody | undefined): WireText {
  const content = body === undefined ? '' : asText(body.content);
  const value = jsonIn(content);
  if (value === undefined) return { text: cut(content, 2_000), messages: [] };
  const found = new Map<string, FoundMessage>();
  const shown = JSON.stringify(
    value,
    (_key, field: unknown) => {
      if (typeof field !== 'string') return field;
      const message = messageIn(field);
      if (message !== undefined) found.set(field, message);
      return cut(field, LONGEST_VALUE);
    },
    2,
  );
  return { text: shown, messages: [...found.values()] };
}

function asText(content: string | Uint8Array): string {
  return typeof content === 'string' ? content : new TextDecoder().decode(content);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : text.slice(0, longest) + texts.playground.characters(text.length);
}

/** A field of a body whose octets begin as EXI does, and are a whole message. */
function messageIn(text: string): FoundMessage | undefined {
  if (text.length < SHORTEST_MESSAGE) return undefined;
  const octets = octetsOfText(text);
  if (octets?.[0] !== 0x80) return undefined;
  const input = exiInputOf(octets);
  const { exi } = input;
  const { schema, kind, singleType, title, message } = inspect(input, { at: Date.now(), roots: [], signer: undefined });
  if (message === undefined) return undefined;
  const rows = rowsOf(piecesOf({ schema, kind, singleType }, exi));
  const decoded = rows
    .map(({ depth, name, value }) => `${'  '.repeat(depth)}${name}${value === undefined ? '' : `: ${value}`}`)
    .join('\n');
  return { name: title ?? message.root, exi, decoded };
}
