/** The pieces of a stream as the rows of a tree. */
import type { InspectNode } from '@plugpool/exi';
import { dateOfSeconds, elementsOfSeconds } from '@plugpool/iso15118';

export interface Row {
  /** Its place among all rows. */
  readonly index: number;
  readonly depth: number;
  readonly name: string;
  readonly value: string | undefined;
  readonly bitOffset: number;
  readonly bitLength: number;
  readonly eventCode: string;
}

/** Longer values are cut; all of their octets are beside them. */
const longestValue = 96;

/** In the order of the stream, so that parents come before their children. */
export function rowsOf(nodes: readonly InspectNode[]): Row[] {
  const rows: Row[] = [];
  const add = (node: InspectNode, depth: number) => {
    if (node.kind === 'end' || node.kind === 'second-level') return;
    const texts = node.children.filter(({ kind }) => kind === 'text');
    const isLeaf = node.children.every(({ kind }) => kind === 'text' || kind === 'end' || kind === 'second-level');
    const value = isLeaf ? (texts[0]?.value ?? node.value) : undefined;
    const { name, bitOffset, bitLength, eventCode } = node;
    rows.push({ index: rows.length, depth, name, value: spelled(name, value), bitOffset, bitLength, eventCode });
    if (!isLeaf) for (const child of node.children) add(child, depth + 1);
  };
  for (const node of nodes) add(node, 0);
  return rows;
}

/** The innermost row that the bit belongs to. */
export function rowAt(rows: readonly Row[], bit: number): Row | undefined {
  return rows.findLast(({ bitOffset, bitLength }) => bitOffset <= bit && bit < bitOffset + bitLength);
}

function spelled(name: string, value: unknown): string | undefined {
  if (value === undefined || Array.isArray(value)) return undefined;
  if (value instanceof Uint8Array) {
    return `${value.length} octets ${Buffer.from(value.subarray(0, longestValue / 2)).toString('hex')}`;
  }
  const date =
    elementsOfSeconds.has(name) && (typeof value === 'bigint' || typeof value === 'number')
      ? dateOfSeconds(value)
      : undefined;
  return `${String(value).slice(0, longestValue)}${date === undefined ? '' : ` (${date})`}`;
}
